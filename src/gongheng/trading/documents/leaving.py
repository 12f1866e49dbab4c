"""What of tender documents goes out with a notice: the second person's review searches it (A-09)."""

from collections.abc import Sequence

from gongheng.trading.cases.gate import Attached
from gongheng.trading.cases.models import Case
from gongheng.trading.documents import comparing, content, queries
from gongheng.trading.documents.papers import PAPERS

Text = tuple[str, str, str]


def parts(cases: Sequence[Case]) -> tuple[tuple[Text, ...], tuple[Attached, ...]]:
    """Return the texts (of what, label, words) and the files of the drafts that would be issued."""
    texts: list[Text] = []
    files: list[Attached] = []
    for case in cases:
        draft = queries.draft_of(case)
        if draft is None:
            continue
        of, lot = f"{case.title}招标文件", queries.lot_of(case)
        body = content.body(draft, lot)
        # Files are named below: the line of one holds its digest, in which nobody's number stands.
        said = comparing.lines({**body, "attachments": []})
        texts += [(of, label, words) for label, words in said.items()]
        texts += [(of, "投标人资格要求", lot.qualification), (of, "标段内容", lot.content)]
        for file in draft.attachments.order_by("name"):
            texts.append((of, "附件名称", file.name))
            files.append(Attached(of=of, name=file.name, digest=file.digest, store=PAPERS))
    return tuple(texts), tuple(files)
