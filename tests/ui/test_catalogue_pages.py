"""The catalogue in the app: filters in the address, an option told whole, side by side, and the curator's pages."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from advisor.catalogue.listing import Wanted, countries_in, listing, rows
from advisor.curation.freshness import ages, load_allowances
from advisor.curation.gaps import asked_of, clauses
from advisor.curation.letters import letter, markdown
from advisor.curation.survey import Survey
from advisor.curation.words import statement_words
from advisor.library import Library, shipped
from advisor.ui import knowledge, tried
from advisor.wording import MODE_WORDS
from tests import made_up
from tests.curation.test_dossier import HOST, ID
from tests.ui.test_pages import app, texts

HOSTILE = ":red[x] **b** $5$ [l](http://e.example) <i>t</i> `c`"
EVERY_FILTER = ["model", "host", "mode", "licence", "within", "price", "context", "sort", "sheet", "as_of"]


def asked(found: AppTest, name: str) -> str:
    value = found.query_params[name]
    return str(value[0] if isinstance(value, list) else value)


# ---------------------------------------------------------------------- filters
@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ({}, Wanted()),
        ({"mode": "hosted-open", "licence": "apache-2.0"}, Wanted(mode="hosted-open", licence="apache-2.0")),
        ({"mode": MODE_WORDS["hosted-open"]}, Wanted(mode="hosted-open")),
        ({"price": "2.5", "context": "200000"}, Wanted(usd_at_most=Decimal("2.5"), context_at_least=200_000)),
        ({"model": "gpt-5.4", "host": "openai-api"}, Wanted(model="gpt-5.4", host="openai-api")),
        ({"price": "0"}, Wanted(usd_at_most=Decimal(0))),
    ],
)
def test_the_address_decides_which_options_are_listed(query: dict[str, str], wanted: Wanted, library: Library) -> None:
    found = app("catalogue", None, **query)
    assert not found.exception
    entries = listing(library.table(knowledge.today()).options, knowledge.today())
    count = sum(len(row.entries) for row in rows(entries, wanted))
    words = texts(found)
    assert f"{count:,} of {len(entries):,} options" in words
    assert ("No option fits all of these choices" in words) == (not count)
    assert "The address asks for" not in words


def test_places_of_processing_are_filtered_by_what_is_certain(library: Library) -> None:
    today = knowledge.today()
    entries = listing(library.table(today).options, today)
    for place in ("EEA", "DE"):
        kept = rows(entries, Wanted(within=countries_in(place, library.vocabulary, today)))
        assert f"{sum(len(r.entries) for r in kept):,} of " in texts(app("catalogue", None, within=place))


@pytest.mark.parametrize("name", EVERY_FILTER)
@pytest.mark.parametrize("value", ["nonsense", HOSTILE, "-1", "NaN", "1e999", "٣", "9" * 400, "all,all", "../../x"])
def test_an_address_that_asks_for_what_is_not_there_is_told_so(name: str, value: str, library: Library) -> None:
    found = app("catalogue", None, **{name: value})
    assert not found.exception
    assert not found.error
    total = len(library.table(knowledge.today()).options)
    words = texts(found)
    assert f"{total:,} of {total:,} options" in words or (name == "context" and "No option" in words)
    if name != "as_of":
        assert f"The address asks for “{value[:60]}”" in words
    assert not [m.value for m in found.markdown if ":red[x]" in m.value or "<i>" in m.value]


def test_a_choice_is_written_into_the_address_and_leads_to_the_first_sheet() -> None:
    found = app("catalogue", None, sheet="2")
    assert "Page 2 of" in texts(found)
    found.selectbox(key="pick-mode").set_value("closed-api").run()
    assert asked(found, "mode") == "closed-api"
    assert "sheet" not in found.query_params
    found.number_input(key="number-price").set_value(2.5).run()
    assert asked(found, "price") == "2.5"
    found.selectbox(key="pick-sort").set_value("price").run()
    assert asked(found, "sort") == "price"
    found.selectbox(key="pick-mode").set_value("all").run()
    assert "mode" not in found.query_params
    assert not found.exception


def test_the_next_page_shows_other_rows() -> None:
    found = app("catalogue")
    first = set(found.table[0].value.iloc[:, 0])
    found.button(key="page-after").click().run()
    assert asked(found, "sheet") == "2"
    assert not first & set(found.table[0].value.iloc[:, 0])


def test_one_model_at_one_host_shows_each_endpoint(library: Library) -> None:
    shown = app("catalogue", None, model="gpt-5.4", host="openai-api").table[0].value
    ids = [o.id for o in library.table(knowledge.today()).options if o.family == ("gpt-5.4", "openai-api")]
    assert len(shown) == len(ids) > 1


def test_the_link_to_the_endpoints_of_a_row_keeps_the_other_choices(library: Library) -> None:
    today = knowledge.today()
    wanted = Wanted(mode="hosted-open", usd_at_most=Decimal(5))
    row = next(r for r in rows(listing(library.table(today).options, today), wanted) if len(r.entries) > 1)
    cell = next(str(c) for c in app("catalogue", None, mode="hosted-open", price="5").table[0].value["Endpoints"] if "endpoints" in str(c))
    count, _, link = cell.partition(" ")
    query = dict(parse_qsl(link.partition("?")[2].rstrip(")")))
    assert query == {"mode": "hosted-open", "price": "5", "model": row.first.option.model.id, "host": row.first.option.host.id}
    assert count == f"[{len(row.entries)}"
    assert len(app("catalogue", None, **query).table[0].value) == len(row.entries)


def test_chosen_options_stay_chosen_on_another_sheet() -> None:
    found = app("catalogue")
    option = found.multiselect(key="to-compare").options[0]
    found.multiselect(key="to-compare").select(option).run()
    found.button(key="page-after").click().run()
    assert len(found.multiselect(key="to-compare").value) == 1


# ---------------------------------------------------------------------- one option
@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The app with a made-up host on top of the shipped data."""
    monkeypatch.setenv("ADVISOR_DATA", str(made_up.folder(tmp_path, hosts__made_up=HOST)))
    knowledge.library.clear()
    yield
    knowledge.library.clear()


@pytest.mark.usefixtures("own")
def test_an_option_shows_disputes_settlements_and_what_does_not_count_apart() -> None:
    found = app("option", None, id=ID)
    assert not found.exception
    heads = [header.value for header in found.header]
    assert heads == [
        "What has to be asked for or signed first", "End of service", "Examples that lead to it", "Where sources differ",
        "Prices, US dollars per million tokens", "Facts", "Benchmark results of the model", "Earlier or not counted",
    ]  # fmt: skip
    tables = {table.value.columns[0] + str(len(table.value.columns)): table.value for table in found.table}
    words = texts(found)
    assert "announced for 2027-03-05" in words
    assert "settled by C. Curator, 2026-10-01, on Terms, clause 4: the contract says so" in words
    assert "Sign the addendum" in words
    aside = found.table[-1].value
    assert set(aside.columns) >= {"The source says", "Why not"}
    why = {str(row["Source"]).replace("\\", ""): str(row["Why not"]) for _, row in aside.iterrows()}
    assert "from memory" in why["hearsay"]
    assert "dated later" in why["A notice"]
    facts = next(t for name, t in tables.items() if name == "Fact7")
    assert "hearsay" not in set(facts["Source"])


@pytest.mark.usefixtures("own")
def test_prices_of_an_option_read_by_size_and_way() -> None:
    shown = next(t.value for t in app("option", None, id=ID).table if list(t.value.columns)[:2] == ["Requests", "Tokens"])
    assert list(shown.columns) == ["Requests", "Tokens", "Standard", "Batch"]
    cells = [[str(c).replace("\\", "") for c in row] for row in shown.to_numpy()]
    assert ["requests up to 200,000 tokens", "input", "$0.075 ($0.075 to $0.10, sources differ)", "$0.04"] in cells
    assert any(row[0] == "requests above 200,000 tokens" and row[2].startswith("$0.15") for row in cells)


# ---------------------------------------------------------------------- side by side
def test_the_address_names_the_options_to_compare() -> None:
    names = ["gpt-5.4@openai-api/eu", "gpt-5.4@openai-api/global"]
    found = app("compare", None, options=",".join(names))
    words = texts(found)
    assert not found.exception
    assert found.multiselect(key="compare-options").value == names
    assert "Input, requests above 272,000 tokens" in words
    assert "differ" in words
    assert "alike" in words
    only = texts(app("compare", None, options=",".join(names), rows="differences"))
    assert "alike" not in only.replace("Alike?", "")
    assert "The places of processing" in only


def test_what_the_address_cannot_have_compared_is_said() -> None:
    many = [f"gpt-5.4@openai-api/{name}" for name in ("eu", "global")] * 2 + ["nonsense", HOSTILE]
    found = app("compare", None, options=",".join(many))
    words = texts(found)
    assert not found.exception
    assert "The address asks for “nonsense”: there is no such option on this date" in words
    assert len(found.multiselect(key="compare-options").value) == 2
    found.multiselect(key="compare-options").unselect("gpt-5.4@openai-api/eu").run()
    assert asked(found, "options") == "gpt-5.4@openai-api/global"


# ---------------------------------------------------------------------- curators
def test_the_freshness_board_is_filtered_and_counted(library: Library) -> None:
    today = knowledge.today()
    every = ages(library.catalogue, load_allowances([shipped("data")]), today)
    for query, kept in (
        ({}, every),
        ({"kind": "price"}, [a for a in every if a.statement.kind == "price"]),
        ({"host": "openai-api", "state": "old"}, [a for a in every if a.statement.host == "openai-api" and a.stale]),
        ({"model": "gpt-5.4"}, [a for a in every if a.statement.model == "gpt-5.4"]),
    ):
        found = app("freshness", None, **query)
        words = texts(found)
        assert not found.exception
        assert f"{len(kept):,} of {len(every):,} statements; {sum(a.stale for a in kept):,} of them" in words.replace("**", "")
        if kept:
            assert statement_words(kept[0].statement, library.catalogue) in words
    assert "The address asks for “nonsense”" in texts(app("freshness", None, kind="nonsense"))


@pytest.fixture(scope="module")
def survey() -> Survey:
    """What the pages find, made by the first of them."""
    app("missing")
    found = tried.known(knowledge.today())
    assert found is not None
    return found


def test_disputes_are_listed_with_what_they_change(survey: Survey) -> None:
    found = app("disputes")
    words = texts(found).replace("**", "")
    assert not found.exception
    assert f"{len(survey.disputes):,} of {len(survey.disputes):,} disputes" in words
    assert f"{len(survey.changed)} of all change what one of {len(survey.advice)} cases is recommended" in words
    deciding = texts(app("disputes", None, state="changes")).replace("**", "")
    assert f"{len(survey.changed):,} of {len(survey.disputes):,} disputes" in deciding
    for effects in survey.changed.values():
        assert (effects[0].recommended[1] or "nothing") in deciding


def test_missing_evidence_is_ranked_with_clause_and_who_can_say(survey: Survey, library: Library) -> None:
    words = texts(app("missing"))
    assert f"{len(survey.gaps):,} of {len(survey.gaps):,} questions are open" in words
    first = survey.gaps[0]
    assert first.question in words
    assert clauses(first, library.rulebook.rules)[0][0] in words


def test_a_letter_is_shown_as_it_is_downloaded(survey: Survey, library: Library) -> None:
    host = next(gap.host for gap in survey.gaps if asked_of([gap], gap.host))
    found = app("letters", None, host=host)
    text = letter(library.catalogue.hosts[host].name, asked_of(survey.gaps, host), library.rulebook.rules, knowledge.today())
    assert found.code[0].value.strip() == markdown(text).strip()
    assert [getattr(button, "label", "") for button in found.get("download_button")] == [
        "Download as Markdown (.md)",
        "Download as Word (.docx)",
    ]
    assert "The address asks for" in texts(app("letters", None, host="nobody"))


def test_an_option_names_the_examples_that_lead_to_it(survey: Survey) -> None:
    advice = next(a for a in survey.advice if a.option)
    words = texts(app("option", None, id=str(advice.option)))
    assert f"{advice.words} (" in words
    assert "recommended" in words
