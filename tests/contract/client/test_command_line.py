import json
import socket

import pytest
from click.testing import CliRunner

from shopguide_client.cli.main import main


@pytest.fixture
def shopguide(address, tmp_path):
    """Return a function that runs a command against the fakes."""

    def run(*words: str, where: str = address, input: str = ""):  # noqa: A002 - as click calls it
        options = ["--home", str(tmp_path / "home"), "--gateway", where, "--index", where]
        return CliRunner(env={"COLUMNS": "120"}).invoke(main, [*options, *words], input=input)

    return run


@pytest.fixture
def nobody():
    """Return an address where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{probe.getsockname()[1]}"


def test_one_question(shopguide, guide):
    """The answer shows what was understood, products, limits given up, text with its citation, and what was degraded."""
    result = shopguide("chat", "a", "mouse", "--catalog", "shop", "--language", "en", "--products", "2")
    assert result.exit_code == 0, result.output
    for shown in (
        "SEARCH · “mouse” · price ≤ 60 (hard)",
        "[1]  Norte [Pro] mouse",
        "$57.50",
        "4.5★",
        "relaxed: price ≤ 60 [NO_MATCH, nearest 57.5]",
        "Take the Norte [1].",
        "Wired? 〔wireless〕",
        "sources: [1] Norte [Pro] mouse",
        "degraded: generation → TEMPLATE_ANSWER",
    ):
        assert shown in result.output
    (asked,) = guide.turns
    assert (asked.text, asked.catalog, asked.max_products) == ("a mouse", "catalogs/shop", 2)


def test_a_conversation_goes_on_after_a_failure(shopguide, guide):
    """A turn that fails is told and does not end the conversation; an empty line does."""
    result = shopguide("chat", input="a mouse\nbusy\nanother\n\n")
    assert result.exit_code == 0, result.output
    assert "RESOURCE_EXHAUSTED: Too many requests. Try again in 1.5 s." in result.output
    assert [turn.conversation_token for turn in guide.turns] == ["", "token 1", "token 1"]


def test_search(shopguide, guide):
    """Products come with scores and counts."""
    result = shopguide("search", "mouse", "-k", "3", "--currency", "USD")
    assert result.exit_code == 0, result.output
    assert "0.250" in result.output
    assert "1 match, 9 satisfy the limits" in result.output
    assert (guide.searches[0].page_size, guide.searches[0].shopper.currency_code) == (3, "USD")


def test_describe_and_catalogs(shopguide):
    """What can be asked of a catalogue, and which ones there are."""
    described = shopguide("describe", "--catalog", "catalogs/shop").output
    for shown in ("catalogs/shop: 3 products", "prices: 5 to 99.5 USD (3)", "Norte (2)", "800 to 26000 DPI"):
        assert shown in described
    assert "catalogs/c2  2 products" in shopguide("catalogs").output


@pytest.mark.parametrize(
    "command", [["chat", "hello"], ["search", "mouse"], ["describe"], ["catalogs"], ["import", "FILE"]]
)
def test_one_line_when_nothing_listens(shopguide, nobody, tmp_path, command):
    """A command says in one line that nothing answers and what to try; no traceback, exit status 1."""
    (tmp_path / "p.jsonl").write_text('{"id": "1", "title": "a"}\n', encoding="utf-8")
    words = [str(tmp_path / "p.jsonl") if word == "FILE" else word for word in command]
    result = shopguide(*words, where=nobody)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    (line,) = [line for line in result.output.splitlines() if line.strip()]
    assert line.startswith("Error: UNAVAILABLE")
    assert line.endswith("Try: shopguide status")


def test_a_wrong_request_names_its_field(shopguide):
    """The violation of a field is told with the message."""
    result = shopguide("search", "invalid")
    assert (result.exit_code, result.output) == (
        1,
        "Error: INVALID_ARGUMENT: The request is wrong. query: must not be empty\n",
    )


def lines_of(*rows: object) -> str:
    """Return JSON lines; what is a text already stays as it is."""
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def test_import_reports_bad_rows_by_their_lines(shopguide, index, tmp_path):
    """Rows refused here and rows refused by the server are told with their lines; good ones arrive; status 0."""
    path = tmp_path / "products.jsonl"
    good, refused = {"id": "1", "title": "a"}, {"id": "2", "title": "refused"}
    path.write_text(
        lines_of(good, "{", {"title": "no id"}, "", refused, {"id": "3", "title": "b"}), encoding="utf-8"
    )
    result = shopguide("import", str(path), "--catalog", "shop")
    assert result.exit_code == 0, result.output
    assert [p.id for p in index.products] == ["1", "3"]
    assert index.catalogs == ["catalogs/shop"]
    for shown in (
        "2 products in",
        "3 rows refused:",
        "line 2: is not JSON",
        "line 3: id: is missing",
        "line 5 (2): title: is not wanted",
    ):
        assert shown in result.output
    assert shopguide("import", str(path), "--strict").exit_code == 1


def test_import_with_a_mapping(shopguide, index, tmp_path):
    """Columns are mapped, multi-line cells keep their lines, and yes-or-no attributes are told to the catalogue."""
    path = tmp_path / "icecat.csv"
    packed = '"{""attr_b_wireless"": ""1""}"'
    path.write_text(
        f'product_id,title,price_cents,attributes\n1,"two\nlines",990,{packed}\n2,,1,\n', encoding="utf-8"
    )
    result = shopguide("import", str(path), "--mapping", "icecat")
    assert result.exit_code == 0, result.output
    assert [(p.title, p.price.units) for p in index.products] == [("two\nlines", 9)]
    assert [spec.key for request in index.specs for spec in request.attributes] == ["wireless"]
    assert "line 4: title: is empty" in result.output


def test_import_of_offers(shopguide, index, tmp_path):
    """A CSV file of prices and stock; rows that are bad, refused or of no product are told with their lines."""
    rows = "".join(f"p{i},9.5,,USD,\n" for i in range(200))
    path = tmp_path / "offers.csv"
    head = "product_id,price,original_price,currency_code,availability\n"
    path.write_text(
        f"{head}a,199.90,0,USD,out_of_stock\nb,x,,USD,\n{rows}free,0,,USD,\nnope,1,,USD,\n", "utf-8"
    )
    result = shopguide("import", str(path), "--kind", "offers")
    assert result.exit_code == 0, result.output
    first = index.offers[0]
    assert (first.product_id, first.price.units, first.price.nanos) == ("a", 199, 900_000_000)
    assert (first.original_price.units, first.HasField("original_price"), first.availability) == (0, True, 2)
    assert not index.offers[1].HasField("original_price")
    for shown in (
        "201 offers",
        "line 3: price: 'x' is not a number",
        "line 204 (free): price: must be above zero",
        "line 205 (nope): the catalog has no such product",
    ):
        assert shown in result.output


def test_import_of_specs(shopguide, index, tmp_path):
    """Attributes and categories go to the catalogue's names."""
    path = tmp_path / "attributes.jsonl"
    path.write_text(lines_of({"key": "dpi", "labels": {"zh": ["分辨率"]}}, {"key": 3}), encoding="utf-8")
    result = shopguide("import", str(path), "--kind", "attributes")
    assert result.exit_code == 0, result.output
    assert [spec.key for request in index.specs for spec in request.attributes] == ["dpi"]
    assert "line 2" in result.output


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.jsonl", "", "holds no rows"),
        ("p.csv", "", "the file has no header line"),
        ("p.csv", 'id,title\n1,"open\n', "p.csv: unexpected end of data"),
        ("p.xml", "<a/>", "the ending must be"),
        ("none.csv", None, "there is no file"),
    ],
)
def test_import_of_files_that_cannot_be_read(shopguide, index, tmp_path, name, content, said):
    """What is wrong with the file is told in one line, and nothing is sent."""
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    result = shopguide("import", str(tmp_path / name))
    assert result.exit_code == 1
    assert said in result.output
    assert index.products == []


def test_import_of_nothing_but_bad_rows(shopguide, index, tmp_path):
    """When every row is bad, no stream is opened, the reasons are told, and the status is 1."""
    path = tmp_path / "p.jsonl"
    path.write_text("[]\n{}\n", encoding="utf-8")
    result = shopguide("import", str(path))
    assert result.exit_code == 1
    assert "line 1: is not a JSON object" in result.output
    assert "line 2: id: is missing" in result.output
    assert index.streams == 0


def test_import_with_a_mapping_that_is_not_there(shopguide, tmp_path):
    """An unknown mapping is refused with those that ship."""
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": "1"}\n', encoding="utf-8")
    result = shopguide("import", str(path), "--mapping", "none")
    assert (result.exit_code, result.output) == (
        1,
        "Error: there is no mapping none; shipped are: esci, icecat, titles\n",
    )


def test_commands_of_the_stack_when_none_runs(shopguide):
    """Status and logs say so and fail, down has nothing to do."""
    assert shopguide("down").output.strip() == "nothing was running"
    status, logs = shopguide("status"), shopguide("logs", "triton")
    assert (status.exit_code, "not running" in status.output) == (3, True)
    assert (logs.exit_code, "there is no log of 'triton'" in logs.output) == (1, True)
