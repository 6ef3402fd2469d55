"""Any record of any kind, made from the types themselves, so that a new kind is covered by being in the union."""

import string
from typing import Any, get_args

import msgspec.inspect as types
from hypothesis import strategies as st

from forcelab.journal.records import Entry, Known

KINDS: tuple[type[Entry], ...] = get_args(Known)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
FINITE = st.floats(allow_nan=False, allow_infinity=False)
HEX = st.binary(max_size=30).map(bytes.hex)


def of(kind: types.Type, outer: tuple[type, ...] = ()) -> st.SearchStrategy[Any]:  # noqa: PLR0911 - one line a type is a table
    """Values of a type as msgspec describes it; `outer` are the structs that it stands in."""
    match kind:
        case types.IntType(ge=low, le=high):
            return st.integers(low, high) if low is not None else st.integers(-(2**63), 2**63 - 1)
        case types.FloatType():
            return FINITE
        case types.StrType(pattern=pattern):
            return HEX if pattern else TEXT
        case types.BoolType():
            return st.booleans()
        case types.NoneType():
            return st.none()
        case types.LiteralType(values=values):
            return st.sampled_from(values)
        case types.UnionType(types=members):
            return st.one_of([of(member, outer) for member in members])
        case types.VarTupleType(item_type=item):
            return st.lists(of(item, outer), max_size=3).map(tuple)
        case types.TupleType(item_types=items):
            return st.tuples(*[of(item, outer) for item in items])
        case types.DictType(key_type=key, value_type=types.StructType(cls=cls) as value) if cls in outer:
            # A struct that holds others of its kind, which hold none.
            return st.just({}) if outer.count(cls) > 1 else st.dictionaries(of(key), of(value, outer), max_size=1)
        case types.DictType(key_type=key, value_type=value):
            return st.dictionaries(of(key, outer), of(value, outer), max_size=3)
        case types.StructType(cls=cls, fields=fields):
            return st.builds(cls, **{field.name: of(field.type, (*outer, cls)) for field in fields})
    raise AssertionError(f"give {kind} a strategy")


def record(kind: type[Entry]) -> st.SearchStrategy[Entry]:
    return of(types.type_info(kind))


RECORDS: st.SearchStrategy[Entry] = st.one_of([record(kind) for kind in KINDS])
MIDDLE: st.SearchStrategy[Entry] = st.one_of(
    [record(kind) for kind in KINDS if kind.__struct_config__.tag not in ("opened", "recovered", "closed")]
)
"""What may stand between the first line and the last."""
HEX_DIGITS = st.sampled_from(string.hexdigits[:16])
