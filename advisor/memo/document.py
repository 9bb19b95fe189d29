def memo_json(r):
    return ""


def memo_markdown(r):
    return ""
