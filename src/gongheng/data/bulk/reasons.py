"""What may be wrong with a file as a whole."""

from typing import Final

from gongheng.kernel.reasons import Reason

NOT_THERE: Final = Reason(
    code="bulk.not_there",
    message="文件不存在或无法读取。",
    remedy="请核对文件路径与读取权限。",
)
EMPTY: Final = Reason(
    code="bulk.empty_file",
    message="文件是空的，没有一条记录。",
    remedy="确无数据的无需上报；否则请重新导出。",
)
UNKNOWN_FORMAT: Final = Reason(
    code="bulk.unknown_format",
    message="不支持这种文件格式。",
    remedy="请用Parquet、CSV、JSON行（.jsonl）或XML。",
)
UNKNOWN_DATASET: Final = Reason(
    code="bulk.unknown_dataset",
    message="从文件名看不出是哪个数据集。",
    remedy="请以数据集英文名开头命名文件，例如PROJECT-202611.parquet，或用--dataset指明。",
)
BROKEN: Final = Reason(
    code="bulk.broken_file",
    message="文件已损坏或不完整，读到一半读不下去。",
    remedy="请重新导出后整个文件重新校验；损坏处之前的结果仅供参考。",
)
DUPLICATE_COLUMNS: Final = Reason(
    code="bulk.duplicate_columns",
    message="表头中同一字段出现了两次以上，无法确定以哪一列为准。",
    remedy="请删去重复的列后重新校验。",
)
UNKNOWN_COLUMNS: Final = Reason(
    code="bulk.unknown_columns",
    message="文件含有该数据集没有的列。",
    remedy="请删去这些列，或核对字段代码的拼写。",
)
MISSING_COLUMNS: Final = Reason(
    code="bulk.missing_columns",
    message="文件缺少必填的列。",
    remedy="请补上这些列；缺少的必填项在每条记录中都算一处错误。",
)
TOO_LARGE: Final = Reason(
    code="bulk.too_large_block",
    message="文件中有一块解压后超过允许的大小，可能是恶意压缩的文件。",
    remedy="请以不超过一百万行一组（row group）重新导出。",
)
CHANGED: Final = Reason(
    code="bulk.changed_while_read",
    message="文件在读取期间发生了变化，结果不完整。",
    remedy="请等导出完成后再校验。",
)
BROKEN_LINES: Final = Reason(
    code="bulk.broken_lines",
    message="有的行列数与表头不符，未计入记录。",
    remedy="请检查这些行的引号与分隔符，或按UTF-8重新导出。",
)
ENTITIES: Final = Reason(
    code="bulk.entities",
    message="XML文件带有文档类型定义（DTD），其中的实体可能无限展开，不予读取。",
    remedy="请导出不带DOCTYPE的XML，字符以UTF-8直接书写。",
)
NO_ENGINE: Final = Reason(
    code="bulk.no_engine",
    message="没有安装批量校验所需的组件。",
    remedy="请运行：.venv/bin/pip install 'gongheng[bulk]'，或运行一次./test，它会装好全部组件。",
)
NO_SPARK: Final = Reason(
    code="bulk.no_spark",
    message="没有安装连接Spark集群所需的组件（pyspark与Java）。",
    remedy="请运行：.venv/bin/pip install 'gongheng[spark]'，并安装Java 17以上（Debian：apt-get install default-jre-headless）；或去掉--spark，在本机校验，结论相同。",
)
SPARK_FAILED: Final = Reason(
    code="bulk.spark_failed",
    message="Spark集群没有做完这次校验，没有给出任何结论。",
    remedy="请核对集群地址（spark://主机:端口）、各工作节点已装同一版本的gongheng[spark]，且都能读写文件所在的目录（或用--shared指明共享目录）；也可去掉--spark，在本机校验。",
)
SPARK_DIFFERS: Final = Reason(
    code="bulk.spark_differs",
    message="Spark集群中有节点的程序版本或校验规则与本机不同，没有给出任何结论。",
    remedy="请在所列节点上安装与本机相同版本的gongheng[spark]（版本号与规则摘要须一致），重启其Spark工作进程后重新校验；也可去掉--spark，在本机校验。",
)
NO_HISTORY: Final = Reason(
    code="bulk.no_history",
    message="历史目录不完整或不是本软件写的：清单文件（manifest.json）缺失、损坏，或所列的文件不在。",
    remedy="请从备份恢复整个目录；首次使用的，请指定一个空目录。",
)
NOT_A_COPY: Final = Reason(
    code="bulk.not_a_copy",
    message="这个目录不是本平台记录的副本：它另记有离线校验的批次，或是另一平台的副本。写入会丢失这些内容，没有写。",
    remedy="请指定一个空目录，或先前由同一平台写成、未再用--keep记入批次的目录。",
)
HISTORY_DIFFERS: Final = Reason(
    code="bulk.history_differs",
    message="历史目录与平台数据库所记的版本不一致。",
    remedy="目录是副本、写出后平台又收到记录的，请用gongheng history copy重新写出；目录另记有批次的，请查明所列版本是否已报送。",
)
HISTORY_BUSY: Final = Reason(
    code="bulk.history_busy",
    message="另一次校验正在使用这个历史目录。",
    remedy="请等它结束后再运行。",
)
NO_VERSION: Final = Reason(
    code="bulk.no_version",
    message="“$number”须为一至2147483647的整数，“$operation”须为insert、update或delete。",
    remedy="请改正这两列；不编版本号的，两列都不必提供。",
)
DISAGREE: Final = Reason(
    code="bulk.engines_disagree",
    message="批量校验与逐条校验对同一记录的结论不一致：这是程序的错误，不是数据的错误，本次结果不可采信。",
    remedy="请删除缓存目录中的gongheng/automata后重新校验；仍不一致的，请将版本号与所列规则告知维护者。",
)

BY_CODE = {each.code: each for each in list(globals().values()) if isinstance(each, Reason)}
