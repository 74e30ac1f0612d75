"""Pages of HTML from our own Markdown: what is in the one is in the other, and nothing of it is taken for a tag."""

from html.parser import HTMLParser

from mythical_digit.tables.html import page
from mythical_digit.tables.markdown import Section, markdown


class Seen(HTMLParser):
    """The texts of a page by the tag around them, and every tag."""

    def __init__(self, text: str):
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self.tags: list[str] = []
        self.right = 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.right += ("class", "right") in attributes

    def handle_data(self, data):
        if data.strip():
            self.texts.setdefault(self.tags[-1], []).append(data)


def test_a_table_keeps_its_cells_and_how_they_are_aligned():
    table = Section("Measured", "In percent.", {"Class": ["0", "a | b"], "KD <&>": ["99.1 ± 0.2", "−1"]})
    seen = Seen(page("Title", markdown([table])))
    assert seen.texts["h2"] == ["Measured"]
    assert seen.texts["p"] == ["In percent."]
    assert seen.texts["th"] == ["Class", "KD <&>"]
    assert seen.texts["td"] == ["0", "99.1 ± 0.2", "a | b", "−1"]
    assert seen.right == 3  # the second column, its heading included


def test_lists_and_bold_words_are_marked():
    seen = Seen(page("Title", "# Verdicts\n\n- one: **reproduced**. More.\n- two\n"))
    assert seen.tags[-6:] == ["body", "h1", "ul", "li", "strong", "li"]
    assert seen.texts["strong"][0] == "reproduced"


def test_what_looks_like_a_tag_is_text():
    text = page("<script>", "# <b>\n\n<img src=x>\n\n| <i> |\n| --- |\n| <u> |\n")
    assert {"script", "b", "img", "i", "u"} & set(Seen(text).tags) == set()


def test_a_page_loads_nothing():
    assert not {"link", "script", "img", "iframe"} & set(Seen(page("Title", "Text.\n")).tags)
    assert "http" not in page("Title", "Text.\n")
