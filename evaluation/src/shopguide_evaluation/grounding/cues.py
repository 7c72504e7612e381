"""Words that say what a figure is meant as: a difference, a total, a limit, a price before a discount."""

import re

DIFFERENCE = re.compile(
    r"[比贵便宜省少多轻重短长高低大小强弱快慢差减降宽窄厚薄早晚超还加]|折|"
    r"(?i:\b(?:more|less|fewer|cheaper|dearer|lighter|heavier|longer|shorter|bigger|smaller|larger|higher|lower|faster|"
    r"slower|thinner|thicker|wider|narrower|quieter|louder|brighter|stronger|weaker|newer|older|than|saves?|saving|off|"
    r"short|extra|additional|difference|apart|under|over|above|below|left|remain\w*|discount\w*|reduc\w*|instead)\b)"
)
TOTAL = re.compile(
    r"[共总剩余超]|合计|一起|加起来|预算|换成|"
    r"(?i:\b(?:together|total|sum|all|both|left|leaves?|remain\w*|budget|swap\w*|instead|bring\w*|set|over)\b)"
)
LIMIT = re.compile(
    r"[内下超过上限满要到至]|以[内下上]|预算|左右|不低于|不高于|条件|要求|\+|[≤≥<>]|"
    r"(?i:\b(?:within|under|below|over|above|up to|at least|at most|or more|or less|asked|limits?|budget|between|than|"
    r"max\w*|min\w*|around|about|fewer|meets?|matters|wanted|want)\b)"
)
WAS = re.compile(
    r"原价|划线|标价|市场价|立省|直降|(?i:\b(?:was|were|list|instead of|originally|regular|before|down from|used to)\b)"
)
SPAN = re.compile(r"[从起到至–—-]|之间|最低|最高|(?i:\b(?:from|to|between|starts?|lowest|highest|up to)\b)")
CONDITIONS = re.compile(r"条件|限制|要求|(?i:\b(?:limits?|conditions?|criteria|requirements?)\b)")
DEARER = re.compile(r"同类.*(?:低|便宜)|(?i:\b(?:less|cheaper) than\b)")
"""Says that a product costs less than a share of its kind."""
EACH = re.compile(r"[都均皆]|(?i:\b(?:both|each|all|every)\b)")
RESPECTIVELY = re.compile(r"分别|(?i:\brespectively\b)")
NEGATION = re.compile(
    r"没有?|无|未|不|(?i:\b(?:not|no|without|neither|nor|none|nothing|lacks?|does ?n[o'’]t|is ?n[o'’]t|cannot)\b)"
)
# Words that may stand right before a product's model when its brand is left out.
LEAD_IN = re.compile(
    r"(?:[的是和与或及跟选看比买到上要而则就也还让给用把对论于中即像如换做叫约有拿配加这那款台只双件个支部]|首选|推荐|建议|其次|另外|"
    r"可以|以及|包括|不如|例如|同样|如果|那么|对于|关于|考虑|来看|试试|优先|但|但是|不过|相比|产品|型号|系列)$"
)
