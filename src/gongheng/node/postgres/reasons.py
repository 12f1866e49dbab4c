"""Why there is no database."""

from gongheng.kernel.reasons import Reason

NO_BINARIES = Reason(
    code="postgres.no_binaries",
    message="没有找到 PostgreSQL 程序（15 或更高版本）。",
    remedy="请重新运行 ./start 安装自带的程序，或安装系统的 postgresql，"
    "或用环境变量 PG_BIN 指明程序目录、DATABASE_URL 指明已有的数据库。",
)
NO_ACCOUNT = Reason(
    code="postgres.no_account",
    message="PostgreSQL 不能以 root 身份运行，而本机没有 postgres 或 nobody 账号。",
    remedy="请新建一个普通账号并以它运行，或用环境变量 DATABASE_URL 指明已有的数据库。",
)
UNREACHABLE_FOLDER = Reason(
    code="postgres.unreachable_folder",
    message="运行数据库的账号进不了状态目录。",
    remedy="请让状态目录的各级上级目录允许进入（chmod o+x），或把状态目录改到 /var/lib 之下。",
)
DISK_FULL = Reason(
    code="postgres.disk_full",
    message="磁盘剩余空间不足，数据库不能安全启动。",
    remedy="请清理磁盘或把状态目录移到更大的磁盘，然后重新启动。",
)
INIT_FAILED = Reason(
    code="postgres.init_failed",
    message="建立数据库目录失败。",
    remedy="请按上面 PostgreSQL 的提示处理后重新启动。",
)
START_FAILED = Reason(
    code="postgres.start_failed",
    message="数据库没有启动起来。",
    remedy="请查看数据库日志的最后几行，处理后重新启动。",
)
UNREACHABLE = Reason(
    code="postgres.unreachable",
    message="连不上数据库。",
    remedy="请检查 DATABASE_URL 的主机、端口、用户和口令，并确认数据库已启动、网络可达。",
)
WRONG_LOCALE = Reason(
    code="postgres.wrong_locale",
    message="数据库的字符区域设置不能处理中文，搜索会查不到内容。",
    remedy="请以 --encoding=UTF8 --locale=C.UTF-8 重建数据库。",
)
TOO_OLD = Reason(
    code="postgres.too_old",
    message="数据库版本过低。",
    remedy="请使用 PostgreSQL 15 或更高版本。",
)
