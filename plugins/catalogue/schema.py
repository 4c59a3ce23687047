"""The declared fields of registers, plans, profiles and reference tables.

One declaration feeds the check, the pages, the documentation and the downloads. `title` is the
Chinese name of a field as contributors read it; `description` says what belongs there.
Column and key names are those of the word list in `docs/words.md`.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Annotated, Any

# No package that happens to be installed may take part in the check, nor is any looked for.
os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")

from pydantic import BaseModel, ConfigDict, Field

from plugins.catalogue.fields import (
    DivisionCode,
    HttpsAddress,
    Phone,
    PhotoName,
    Slug,
    Status,
    Years,
    YesNo,
    calendar_day,
    calendar_year,
    https_address,
    names,
    one_of,
    or_reason,
    percentage,
    phone_number,
    text,
    whole,
)
from plugins.catalogue.vocabulary import (
    ENTRIES,
    LEVELS,
    NOTICE_KINDS,
    OWNERSHIPS,
    TRAINING_LEVELS,
    Compiler,
    Reason,
)


def declare(title: str, description: str = "", *, example: str = "", **more: Any) -> Any:
    """A declared field: its Chinese title and what belongs there. Optional unless `required`.

    `example` is a value as a contributor writes it; the scaffold and the guides show it.
    """
    if example:
        more["examples"] = [example]
    if not more.pop("required", False):
        more.setdefault("default", None)
    return Field(title=title, description=description, **more)


class Record(BaseModel):
    """A frozen, checked record; unknown keys are errors.

    What checks a record is built when the first of its kind is checked: records that are read from
    where a build keeps them were checked before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Sourced(Record):
    """What every row of a register and of a plan says about where it comes from."""

    source_document: Annotated[str, text(200)] = declare("来源文件", "文件的全称", required=True)
    source_number: Annotated[str, text(80)] | None = declare(
        "来源文号", "例如 浙人社办发〔2025〕16号"
    )
    source_date: Annotated[dt.date, calendar_day(past_only=True)] | None = declare(
        "来源日期", "文件的成文日期"
    )
    source_address: Annotated[str, text(300)] | None = declare("来源地址", "文件公开的网址")
    checked_on: Annotated[dt.date, calendar_day(past_only=True)] | None = declare(
        "核对日期", "最近一次核对的日期"
    )


class School(Sourced):
    """One row of a province's register: which schools exist, by whose word."""

    school_id: Slug = declare("学校编号", "全国唯一，定下后不再改", required=True)
    name: Annotated[str, text(60)] = declare("校名", "与批准文件一致的全称", required=True)
    level: Annotated[str, one_of(LEVELS)] | None = declare("办学层次", "未注明的留空")
    ownership: Annotated[str, one_of(OWNERSHIPS)] | None = declare("办学性质", "未注明的留空")
    city_code: DivisionCode = declare(
        "所在市代码",
        "地级行政区代码；直辖市用省级代码，省直辖县级市用它自己的代码",
        required=True,
    )
    county_code: DivisionCode | None = declare("所在县区代码")
    address: Annotated[str, text(120)] | None = declare("地址")
    campuses: Annotated[tuple[str, ...], names(60)] = declare("校区", "用“;”隔开", default=())
    phone: Phone | None = declare("招生电话")
    website: HttpsAddress | None = declare("官方网站")
    supervising_body: Annotated[str, text(60)] | None = declare("主管或举办单位")
    founded: Annotated[int, calendar_year()] | None = declare("创办年份")
    school_code: Annotated[str, text(30)] | None = declare("学校代码")
    licence_no: Annotated[str, text(60)] | None = declare("办学许可证号")
    former_names: Annotated[tuple[str, ...], names(60)] = declare("曾用名", "用“;”隔开", default=())
    aliases: Annotated[tuple[str, ...], names(60)] = declare("别名", "用“;”隔开", default=())
    status: Status = declare(
        "状态",
        "active 在办、suspended 停招、closed 停办、merged:编号 已并入",
        required=True,
    )
    verified: YesNo = declare("是否经主管部门核验", "yes 或 no", required=True)
    note: Annotated[str, text(200)] | None = declare("说明", "公开显示，例如哪一项是推定的")
    province: Slug = declare("报送单位", "由所在文件夹得出，不写在表里", required=True)


class Programme(Sourced):
    """One row of a yearly plan: a school may enrol so many for one major, entry and campus."""

    school_id: Slug = declare("学校编号", required=True)
    major: Annotated[str, text(60)] = declare("专业", "专业名称，不带括号里的方向", required=True)
    direction: Annotated[str, text(60)] | None = declare("专业方向")
    training_level: Annotated[str, one_of(TRAINING_LEVELS)] = declare("培养层次", required=True)
    entry: Annotated[str, one_of(ENTRIES)] = declare("招生对象", required=True)
    entry_note: Annotated[str, text(60)] | None = declare(
        "招生对象原文", "与规定的词不同时，保留文件的原话"
    )
    duration_years: Years = declare("学制（年）", required=True)
    seats: Annotated[int, whole(1, 20000, "人")] = declare("计划招生人数", required=True)
    campus: Annotated[str, text(60)] | None = declare("校区")
    tuition_year_1: Annotated[int, whole(0, 100000, "元")] | None = declare("第 1 学年学费（元）")
    tuition_year_2: Annotated[int, whole(0, 100000, "元")] | None = declare("第 2 学年学费（元）")
    tuition_year_3: Annotated[int, whole(0, 100000, "元")] | None = declare("第 3 学年学费（元）")
    tuition_year_4: Annotated[int, whole(0, 100000, "元")] | None = declare("第 4 学年学费（元）")
    tuition_year_5: Annotated[int, whole(0, 100000, "元")] | None = declare("第 5 学年学费（元）")
    tuition_year_6: Annotated[int, whole(0, 100000, "元")] | None = declare("第 6 学年学费（元）")
    boarding_fee: Annotated[int, whole(0, 50000, "元")] | None = declare("住宿费（元/学年）")
    partner_employer: Annotated[str, text(80)] | None = declare("合作企业")
    partner_degree: Annotated[str, text(120)] | None = declare(
        "学历合作", "合作高校和形式；没有它，招生计划里不写大专或本科"
    )
    open_from: Annotated[dt.date, calendar_day()] | None = declare("报名开始日期")
    open_to: Annotated[dt.date, calendar_day()] | None = declare("报名截止日期")
    year: int = declare("计划年份", "由文件名得出，不写在表里", required=True)
    province: Slug = declare("报送单位", "由所在文件夹得出，不写在表里", required=True)

    @property
    def tuition(self) -> tuple[int | None, ...]:
        """Tuition in yuan for each study year that the programme lasts; None where unknown."""
        every = (
            self.tuition_year_1,
            self.tuition_year_2,
            self.tuition_year_3,
            self.tuition_year_4,
            self.tuition_year_5,
            self.tuition_year_6,
        )
        return every[: self._study_years]

    @property
    def tuition_after_end(self) -> tuple[int | None, ...]:
        """What stands in the columns of study years that the programme does not have."""
        every = (
            self.tuition_year_2,
            self.tuition_year_3,
            self.tuition_year_4,
            self.tuition_year_5,
            self.tuition_year_6,
        )
        return every[self._study_years - 1 :]

    @property
    def _study_years(self) -> int:
        """Study years begun: a programme of 2.5 years has three."""
        return max(1, round(self.duration_years + 0.1))


class Contacts(Record):
    phone: Annotated[str | Reason, or_reason(phone_number)] | None = declare(
        "招生电话", "学校招生办的公开电话", example="0571-12345678"
    )
    wechat: Annotated[str, text(40)] | None = declare(
        "微信公众号", "公众号名称", example="示例技师学院招生办"
    )
    apply_url: Annotated[str | Reason, or_reason(https_address)] | None = declare(
        "报名网址", "https 开头", example="https://www.example.edu.cn/apply"
    )


class Campus(Record):
    name: Annotated[str, text(40)] = declare("校区名称", required=True, example="示例校区")
    address: Annotated[str, text(120)] | None = declare("校区地址", example="示例区示例路 1 号")
    person_in_charge: Annotated[str, text(20)] | None = declare("校区负责人", example="示例老师")
    boarding: YesNo | None = declare("能否住宿", "yes 或 no", example="yes")


class MajorOutcome(Record):
    """One major's share of the school's figures: same graduates, same way of counting."""

    major: Annotated[str, text(60)] = declare(
        "专业", "专业名照招生计划写", required=True, example="数控加工"
    )
    rate: Annotated[float | Reason, or_reason(percentage)] | None = declare(
        "这个专业的就业率（%）", example="95.5"
    )
    graduates: Annotated[int | Reason, or_reason(whole(1, 50000, "人"))] | None = declare(
        "这个专业的毕业生人数", example="80"
    )


class Employment(Record):
    rate: Annotated[float | Reason, or_reason(percentage)] | None = declare(
        "就业率（%）", example="96.5"
    )
    cohort_year: Annotated[int, calendar_year()] | None = declare(
        "毕业生届别", "例如 2025", example="2025"
    )
    graduates: Annotated[int | Reason, or_reason(whole(1, 50000, "人"))] | None = declare(
        "毕业生人数", example="400"
    )
    definition: Annotated[str, text(120)] | None = declare(
        "口径",
        "怎样算就业、哪一天统计",
        example="示例口径：截至 2025 年 12 月 31 日，签订劳动合同或升学",
    )
    source: Annotated[str, text(200)] | None = declare(
        "来源", "公布这个数字的文件或网页", example="示例：学校 2025 年就业质量报告"
    )
    salary_p25: Annotated[int | Reason, or_reason(whole(500, 100000, "元"))] | None = declare(
        "月薪四分之一位数（元）", example="3800"
    )
    salary_p50: Annotated[int | Reason, or_reason(whole(500, 100000, "元"))] | None = declare(
        "月薪中位数（元）", example="4600"
    )
    salary_p75: Annotated[int | Reason, or_reason(whole(500, 100000, "元"))] | None = declare(
        "月薪四分之三位数（元）", example="5600"
    )
    employers: tuple[Annotated[str, text(60)], ...] = declare(
        "主要用人单位", default=(), example="示例机械厂"
    )
    directions: tuple[Annotated[str, text(60)], ...] = declare(
        "就业去向", default=(), example="示例：汽车维修"
    )
    by_major: tuple[MajorOutcome, ...] = declare(
        "各专业的就业率", "届别、口径和来源同上面", default=()
    )


class Aid(Record):
    name: Annotated[str, text(60)] = declare("资助名称", required=True, example="示例助学金")
    amount: Annotated[str, text(80)] | None = declare(
        "金额", "写清单位，例如 每学年 2300 元", example="每学年 2300 元（示例）"
    )
    who: Annotated[str, text(200)] | None = declare("谁能得到", example="示例：家庭经济困难的学生")
    years: Annotated[str, text(60)] | None = declare(
        "哪几年", "例如 一、二年级", example="一、二年级"
    )
    source: Annotated[str, text(200)] | None = declare(
        "来源", example="示例：学校资助办法（2025 年）"
    )


class Honour(Record):
    name: Annotated[str, text(80)] = declare("荣誉名称", required=True, example="示例荣誉")
    year: Annotated[int, calendar_year()] | None = declare("年份", example="2020")
    by: Annotated[str, text(80)] | None = declare("授予单位", example="示例授予单位")


class OnlineCourse(Record):
    title: Annotated[str, text(80)] = declare("课程名称", required=True, example="示例课程")
    major: Annotated[str, text(60)] | None = declare(
        "哪个专业的课", "专业名照招生计划写；不分专业的不写", example="数控加工"
    )
    address: HttpsAddress = declare(
        "课程网址", required=True, example="https://www.example.edu.cn/course"
    )


class StaggeredReturn(Record):
    who: Annotated[str, text(60)] = declare("哪些学生", required=True, example="示例：二年级")
    on: Annotated[dt.date, calendar_day()] = declare(
        "返校日期", required=True, example="2026-09-03"
    )


class Term(Record):
    opens_on: Annotated[dt.date | Reason, or_reason(calendar_day())] | None = declare(
        "开学日期", example="2026-09-01"
    )
    staggered: tuple[StaggeredReturn, ...] = declare("错峰返校", default=())


class PriorityEnrolment(Record):
    who: Annotated[str, text(120)] = declare(
        "优先招收的地区或人群", required=True, example="示例：本市农村户籍学生"
    )
    gets: Annotated[str, text(200)] = declare(
        "给什么照顾", required=True, example="示例：同等条件下先录取"
    )
    areas: tuple[Annotated[str, text(30)], ...] = declare(
        "哪些地方",
        "名单的名称（三区三州、52 个挂牌督战县、湖北省），或省、市、县的全称或六位代码；"
        "写了，那里的人查自己的县就能看到这所学校",
        default=(),
        example="三区三州",
    )


class Photo(Record):
    file: PhotoName = declare(
        "照片文件名", "与 profile.md 放在同一个文件夹", required=True, example="school-gate.jpg"
    )
    alt: Annotated[str, text(80)] = declare(
        "照片说明（alt）", "给看不见照片的人读", required=True, example="示例：校门，门前有两棵樟树"
    )
    caption: Annotated[str, text(80)] | None = declare("图注", example="示例：东校区大门")
    taken_on: Annotated[dt.date, calendar_day(past_only=True)] | None = declare(
        "拍摄日期", example="2025-10-01"
    )


class Source(Record):
    title: Annotated[str, text(120)] = declare(
        "来源名称", required=True, example="示例：学校官网“学校简介”"
    )
    address: Annotated[str, text(300)] | None = declare(
        "来源地址", example="https://www.example.edu.cn/intro"
    )
    date: Annotated[dt.date, calendar_day(past_only=True)] | None = declare(
        "来源日期", example="2025-10-01"
    )


class FrontMatter(Record):
    """The declared part of a school's `profile.md`, between the two `---` lines."""

    summary: Annotated[str, text(80)] = declare(
        "一句话介绍",
        "不超过 80 个字",
        required=True,
        example="示例：1985 年建校，以数控加工和汽车维修见长。",
    )
    confirmed_on: Annotated[dt.date, calendar_day(past_only=True)] = declare(
        "确认日期", "最近一次逐项核对的日期", required=True, example="2026-09-01"
    )
    compiled_by: Annotated[str, one_of(tuple(Compiler))] = declare(
        "编写者",
        "学校自己写的不用填；平台根据公开资料写的填“平台整理”",
        default="学校",
        example="学校",
    )
    contacts: Contacts | None = declare("联系方式")
    campuses: tuple[Campus, ...] = declare("校区", default=())
    employment: Employment | None = declare("就业数据")
    aid: tuple[Aid, ...] = declare("学校资助", default=())
    honours: tuple[Honour, ...] = declare("荣誉", default=())
    online_courses: tuple[OnlineCourse, ...] = declare("线上课程", default=())
    term: Term | None = declare("开学安排")
    priority_enrolment: tuple[PriorityEnrolment, ...] = declare("优先招生", default=())
    internships: Annotated[str | Reason, or_reason(text(300))] | None = declare(
        "实习安排", example="示例：第三学年到合作企业实习半年"
    )
    partner_schools: tuple[Annotated[str, text(60)], ...] = declare(
        "对口帮扶学校", default=(), example="示例第二技工学校"
    )
    photos: tuple[Photo, ...] = declare("照片", default=())
    sources: tuple[Source, ...] = declare("资料来源", "正文里用 [来源1] 指第一项", default=())


class NoticeFacts(Sourced):
    """The declared part of a notice in `news/`, between the two `---` lines.

    Its day and its place are given by the file's name and folder and are written nowhere else.
    """

    title: Annotated[str, text(60)] = declare(
        "标题", "不超过 60 个字", required=True, example="示例省公布 2026 年技工院校招生计划"
    )
    summary: Annotated[str, text(120)] = declare(
        "摘要", "一两句话，不超过 120 个字", required=True, example="示例：招多少人，哪天报名。"
    )
    updated: Annotated[dt.date, calendar_day(past_only=True)] | None = declare(
        "更新日期", "发布以后改过内容才写", example="2026-06-01"
    )
    kind: Annotated[str, one_of(tuple(NOTICE_KINDS))] | None = declare(
        "种类", "拿不准的不写", example="招生公告"
    )
    school: Slug | None = declare(
        "学校编号", "只说一所学校的消息才写；要是这个省名册里的学校", example="shili-jishi-xueyuan"
    )
    held_on: Annotated[dt.date, calendar_day()] | None = declare(
        "活动日期", "竞赛、开放日在哪一天；几天的写第一天", example="2026-05-16"
    )


REGISTER_COLUMNS = (
    "school_id", "name", "level", "ownership", "city_code", "county_code", "address", "campuses",
    "phone", "website", "supervising_body", "founded", "school_code", "licence_no",
    "former_names", "aliases", "status", "verified", "source_document", "source_number",
    "source_date", "source_address", "checked_on", "note",
)  # fmt: skip
"""Header of `registry/<province>/schools.csv`, in order."""

PLAN_COLUMNS = (
    "school_id", "major", "direction", "training_level", "entry", "entry_note",
    "duration_years", "seats", "campus", "tuition_year_1", "tuition_year_2", "tuition_year_3",
    "tuition_year_4", "tuition_year_5", "tuition_year_6", "boarding_fee", "partner_employer",
    "partner_degree", "open_from", "open_to", "source_document", "source_number",
    "source_date", "source_address", "checked_on",
)  # fmt: skip
"""Header of `registry/<province>/plans/<year>.csv`, in order."""
