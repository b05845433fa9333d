"""What a house learns from a complaint: the usual causes, and what a severe one asks for before its end (CMP-34)."""

# Code, Chinese name, English name; a site renames them, adds to them, or offers one no longer.
CAUSES = (
    ("staff", "服务态度或礼仪", "Manner of the staff"),
    ("process", "流程没有执行或有缺口", "Procedure not kept, or with a gap"),
    ("delay", "等候或处理太慢", "Waiting, or too slow"),
    ("equipment", "设备设施故障", "Equipment or facilities"),
    ("cleaning", "清洁卫生", "Cleaning and hygiene"),
    ("product", "产品或菜品质量", "Quality of goods or dishes"),
    ("billing", "账单或价格", "Bill or price"),
    ("information", "告知不清或有误", "Wrong or unclear information"),
    ("safety", "安全隐患", "Safety"),
    ("third-party", "第三方或外部原因", "A third party, or from outside"),
    ("misunderstanding", "误会", "Misunderstanding"),
    ("other", "其他", "Something else"),
)
