# Jinja2 as the prompt service promises it: the settings of /v1, and what differs on purpose (program.hpp).
from jinja2 import ChainableUndefined, Environment, TemplateError, UndefinedError
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext
from jinja2.utils import missing


class Absent(ChainableUndefined):
    """An ordering with it is false, and it says when it is looped over."""

    seen = set()

    def shows(self):
        if self._undefined_obj is missing:
            Absent.seen.add(self._undefined_name)

    def never(self, _):
        return False

    __lt__ = __le__ = __gt__ = __ge__ = __contains__ = never

    def __iter__(self):
        self.shows()
        return iter(())


def finalize(value):
    if isinstance(value, Absent):
        value.shows()
    return value


class Oracle(Environment):
    """Data alone: an attribute is a key."""

    def __init__(self):
        super().__init__(
            trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, autoescape=False,
            newline_sequence="\n", undefined=Absent, finalize=finalize)
        self.globals.clear()
        for name in ("upper", "lower", "trim", "replace"):
            self.filters[name] = text_filter(FILTERS[name])
        plain_join = FILTERS["join"]
        self.filters["join"] = lambda value, d="": join(value, d)

    def getattr(self, obj, attribute):
        if isinstance(obj, LoopContext):
            return getattr(obj, attribute)
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        return obj if isinstance(obj, Absent) else self.undefined(obj=obj, name=attribute)

    def getitem(self, obj, argument):
        if isinstance(argument, str):
            return self.getattr(obj, argument)
        if isinstance(obj, (list, str)) and -len(obj) <= argument < len(obj):
            return obj[argument]
        return obj if isinstance(obj, Absent) else self.undefined(obj=obj, name=argument)


def refuse_containers(*values):
    if any(isinstance(each, (list, dict)) for each in values):
        raise TypeError("a list or an object in place of text")


def text_filter(original):
    if getattr(original, "jinja_pass_arg", None):  # of replace: its evaluation context has autoescape
        def replace(value, old, new, count=None):
            refuse_containers(value, old, new)
            return str(value).replace(str(old), str(new), -1 if count is None else count)
        return replace

    def filtered(value, *arguments, **named):
        refuse_containers(value, *arguments)
        return original(value, *arguments, **named)
    return filtered


def join(value, d):
    refuse_containers(d)
    return str(d).join(map(str, () if isinstance(value, Absent) else value))


ORACLE = Oracle()


def rendered(template, values):
    """("text", text), ("error", message) or ("refused", message), and the absent variables that showed."""
    Absent.seen = set()
    try:
        compiled = ORACLE.from_string(template)
    except (TemplateError, SyntaxError, UnicodeError) as error:
        return ("refused", str(error)), set()
    try:
        return ("text", compiled.render(values)), Absent.seen
    except (TypeError, UndefinedError) as error:
        return ("error", str(error)), Absent.seen
