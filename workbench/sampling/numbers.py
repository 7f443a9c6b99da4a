"""Numbers in the text of a recipe, which must mean the same when it is read again."""


def exact(value: float) -> str:
    """The shortest text that reads back as this number, without ``+``, which joins goals."""
    text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return text.replace("e+", "e")
