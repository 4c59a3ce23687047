"""National aid: the policies of `reference/aid_policies.csv` as their documents give them."""

from __future__ import annotations

from typing import Annotated

from plugins.catalogue.fields import Slug, one_of, text
from plugins.catalogue.schema import Record, declare


class AidPolicy(Record):
    """One national policy, in the words of its document or of the page that passes it on."""

    id: Slug = declare("政策编号", required=True)
    policy: Annotated[str, text(60)] = declare("政策名称", required=True)
    amount: Annotated[str, text(120)] = declare("金额或内容", required=True)
    unit: Annotated[str, text(60)] | None = declare("单位")
    who: Annotated[str, text(300)] = declare("谁能得到", required=True)
    scope_for_jigong: Annotated[str, text(120)] | None = declare("技工学校是否在内")
    document: Annotated[str, text(200)] | None = declare("文件")
    doc_number: Annotated[str, text(80)] | None = declare("文号")
    doc_number_basis: Annotated[str, text(200)] | None = declare("文号的依据")
    effective_from: Annotated[str, text(60)] | None = declare("从何时起")
    effective_to: Annotated[str, text(60)] | None = declare("到何时止")
    status_note: Annotated[str, text(200)] | None = declare("要注意")
    source: Annotated[str, text(400)] | None = declare("本站看到的来源")
    source_grade: Annotated[str, one_of(("A", "B", "C"))] | None = declare(
        "来源等级", "A 官方文件或公报摘要，B 媒体或转述，C 只有二手且有矛盾"
    )
