# Templates of the subset, and values for them.
NAMES = ["a", "b", "name", "items", "user", "users", "n", "text", "имя", "flag", "keys", "loop_", "x1"]
KEYS = ["k", "name", "items", "0", "a b", "é", "__class__", "update", "id"]
WORDS = ["", "a", "b", "ab", "Hello", "straße", "ΑΣ", "ﬁne", "İ", "x\ny", "it's", 'say "hi"', "both ' and \"",
         "<b>&amp;</b>", "😀", "tab\there", "\x7f", "\u00ad", "\u2028", "  pad \u3000", "1", "True", "}}", "%}", "{{ a }}",
         "back\\slash", "ǅ", "é\u0301", "\x1f", "a-b-c", "日本語"]
SPACE = ["", "", " ", " ", " ", "\n", "\t", "  ", "\r\n", "\u00a0"]
TEXTS = [" ", "  ", "\n", "\n", "\n\n", "\r\n", "\r", "\t", "word", "Two words.", "é", "😀", "{ \"json\": 1 }", "{x}", "}}",
         "%}", "#}", "-", "+", "\u2028", "\u00a0", "\x0b", "\x0c", "\x1c", "\x85", "\u3000", "\\n", "'", '"', "#", "%",
         "\n  ", "  \n", " \n ", "<p>", "&"]


class Generator:
    def __init__(self, random):
        self.random = random
        self.loops = []

    def one(self, *choices):
        return self.random.choice(choices)

    def chance(self, probability):
        return self.random.random() < probability

    # Values

    def number(self):
        r = self.random
        return self.one(
            0, 1, -1, 2, 3, 7, 42, r.randint(-10**6, 10**6), 2**53, 2**53 + 1, 2**63 - 1, -2**63, 2**63, 2**64 - 1,
            0.0, -0.0, 1.0, 1.5, 0.1, 1e15, 1e16, 123456789012345680.0, 1e-4, 1e-5, 1e22, 5e-324, 1.7976931348623157e308,
            9007199254740992.0, 9223372036854775808.0, r.uniform(-1e3, 1e3), r.random() * 10 ** r.randint(-20, 25))

    def value(self, depth=0):
        kind = self.random.random()
        if kind < 0.35 or depth > 3:
            return self.random.choice(WORDS)
        if kind < 0.55:
            return self.number()
        if kind < 0.7:
            return self.one(True, False, None)
        if kind < 0.87:
            return [self.value(depth + 1) for _ in range(self.random.randint(0, 4))]
        return {self.random.choice(KEYS): self.value(depth + 1) for _ in range(self.random.randint(0, 4))}

    def values(self):
        return {name: self.value() for name in NAMES if self.chance(0.75)}

    # Expressions

    def space(self):
        return self.random.choice(SPACE)

    def string(self):
        text = self.random.choice(WORDS) if self.chance(0.8) else self.random.choice(KEYS)
        quote = self.one("'", '"')
        made = ""
        for c in text:
            code = ord(c)
            if c == quote or c == "\\":
                made += "\\" + c
            elif c == "\n":
                made += self.one("\\n", "\n", "\\x0a", "\\012")
            elif c == "\t":
                made += self.one("\\t", "\t")
            elif self.chance(0.1):
                made += "\\U%08x" % code if code > 0xFFFF else "\\u%04x" % code if code > 0xFF else "\\x%02X" % code
            else:
                made += c
        if self.chance(0.05):
            made += self.one("\\d", "\\.", "\\\n", "\\'", '\\"', "\\a", "\\b\\f\\v\\r", "\\7", "\\101", "\\777")
        return quote + made + quote

    def literal(self, depth):
        kind = self.random.random()
        if kind < 0.4:
            return self.string() + (self.space() + self.string() if self.chance(0.03) else "")
        if kind < 0.7:
            return self.one("0", "1", "2", "3", "-1", "- 2", "42", "1_000", "0x1F", "0b101", "0o17", "00", "1.0", "-0.0", "1e3",
                            "1E-5", "2.5e+20", "1_0.5_0", "9223372036854775807", "-9223372036854775808",
                            "18446744073709551615")
        if kind < 0.85 or depth > 2:
            return self.one("true", "false", "True", "False", "none", "None")
        elements = [self.expression(depth + 1) for _ in range(self.random.randint(0, 4))]
        return "[" + ",".join(self.space() + e + self.space() for e in elements) + self.one("", ",", "") * bool(elements) + "]"

    def path(self):
        kind = self.random.random()
        if self.loops and kind < 0.5:
            if kind < 0.2:
                return "loop." + self.one("index", "index0", "first", "last", "length")
            made = self.random.choice(self.loops)
        else:
            made = self.random.choice(NAMES)
        while self.chance(0.3):
            made += self.step()
        return made

    def step(self):
        key = self.random.choice([k for k in KEYS if k.isidentifier()])
        s, t = self.space(), self.space()
        return self.one("." + key, s + "." + t + key, "[" + s + self.string() + t + "]", "[0]", "[ 1 ]", "[-1]", "[- 2]", ".0",
                        ".1", "[99]")

    def filtered(self, depth):
        made = self.operand(depth)
        for _ in range(self.one(1, 1, 1, 2, 3)):
            made += self.space() + "|" + self.space() + self.filter(depth)
        return made

    def filter(self, depth):
        name = self.one("join", "default", "default", "upper", "lower", "trim", "length", "replace", "tojson")
        s = self.space
        argument = lambda: s() + self.expression(depth + 1) + s()
        if name == "join":
            return name + self.one("", "()", "(%s)" % argument(), "(',' )", "(d=%s)" % self.string())
        if name == "default":
            first = argument()
            return name + self.one("", "(%s)" % first, "(%s)" % first, "(%s,true)" % first, "(%s,%s)" % (first, argument()),
                                   "(%s,boolean=True)" % first, "(boolean=true, default_value=%s)" % first, "(%s,)" % first)
        if name == "replace":
            return name + "(" + self.string() + "," + argument() + self.one("", "", ",1", ",-1", ",none", ", count=2", ",true") + ")"
        if name == "tojson":
            return name + self.one("", "", "()", "(indent=2)", "(0)", "(indent=none)")
        if name == "trim":
            return name + self.one("", "", "()", "(none)")
        return name + self.one("", "", "", s() + "()")

    def operand(self, depth):
        kind = self.random.random()
        if kind < 0.6:
            return self.path()
        if kind < 0.85 or depth > 3:
            return self.literal(depth)
        return "(" + self.space() + self.expression(depth + 1) + self.space() + ")" + (self.step() if self.chance(0.1) else "")

    def expression(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.4:
            return self.operand(depth)
        if kind < 0.65:
            return self.filtered(depth)
        if kind < 0.72:
            return "not " + self.expression(depth + 1)
        if kind < 0.82:
            return self.simple(depth) + self.one(" is defined", " is not defined", " is none", " is not none")
        if kind < 0.92:
            made = self.simple(depth)
            for _ in range(self.one(1, 1, 1, 1, 2)):
                made += self.one("==", " != ", "<", " <= ", ">", ">=", " in ", " not in ", " not  in ") + self.simple(depth)
            return made
        return self.expression(depth + 1) + self.one(" and ", " or ", "\nor\t") + self.expression(depth + 1)

    def simple(self, depth):
        return self.filtered(depth + 1) if self.chance(0.25) else self.operand(depth + 1)

    # Text and tags

    def text(self):
        made = "".join(self.random.choice(TEXTS) for _ in range(self.random.randint(0, 4)))
        return made + " " if made.endswith("{") else made

    def left(self):
        return self.one("", "", "", "-", "+")

    def tag(self, content):
        return "{%" + self.left() + self.space() + content + self.spaced_end(content) + self.one("", "", "", "-", "+") + "%}"

    def spaced_end(self, content):
        return self.one(" ", " ", "", "\n")

    def output(self):
        # A sign stands right behind {{, and a literal's own minus does not.
        return "{{" + self.left() + self.one(" ", "\n", "\t ") + self.expression() + self.one(" ", "") + self.one("", "", "-") + "}}"

    def comment(self):
        return "{#" + self.left() + self.one(" note ", "", " {{ a }} ", " {% if %} ", "\n", " '") + self.one("", "", "-", "+") + "#}"

    def raw(self):
        inside = self.one("", " ", "\n  ", "{{ a }}", "{% if %}", "\n{# c #}\n  ", " }} ", "  ", " x ")
        opened = "{%" + self.left() + self.space() + "raw" + self.space() + self.one("", "-") + "%}"
        return opened + inside + self.tag("endraw")

    def conditional(self, depth):
        made = self.tag("if " + self.expression()) + self.body(depth + 1)
        for _ in range(self.one(0, 0, 0, 1, 2)):
            made += self.tag("elif " + self.expression()) + self.body(depth + 1)
        if self.chance(0.4):
            made += self.tag("else") + self.body(depth + 1)
        return made + self.tag("endif")

    def loop(self, depth):
        name = self.one("i", "j", "a", "item", "user")
        iterable = self.path() if self.chance(0.6) else self.expression()
        made = self.tag("for " + name + " in " + iterable)
        self.loops.append(name)
        made += self.body(depth + 1)
        self.loops.pop()
        if self.chance(0.3):
            made += self.tag("else") + self.body(depth + 1)
        return made + self.tag("endfor")

    def body(self, depth=0):
        made = ""
        for _ in range(self.random.randint(0, 4 if depth else 6)):
            kind = self.random.random()
            if kind < 0.4:
                made += self.text()
            elif kind < 0.7:
                made += self.output()
            elif kind < 0.76:
                made += self.comment()
            elif kind < 0.8:
                made += self.raw()
            elif depth > 3:
                made += self.text()
            elif kind < 0.9:
                made += self.conditional(depth)
            else:
                made += self.loop(depth)
        return made

    def mutated(self, template):
        """One or two slips: it may be no template any more."""
        pieces = ["{", "}", "{{", "}}", "{%", "%}", "{#", "#}", "-", "+", "|", "(", ")", "[", "]", ".", ",", "'", '"', " ", "\n",
                  "not ", "if ", " is ", "in", "0", "1", "\\", "_", "=", "<", "endif", "raw", "endraw", "loop", "e", "é"]
        for _ in range(self.one(1, 1, 2)):
            at = self.random.randint(0, len(template))
            end = min(len(template), at + self.one(0, 0, 1, 1, 2, 3))
            template = template[:at] + (self.random.choice(pieces) if self.chance(0.7) else "") + template[end:]
        return template
