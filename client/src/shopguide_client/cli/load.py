"""`shopguide import`: a file of products, offers, reviews, FAQ entries, events or specs into a catalogue."""

import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from shopguide_client.cli.errors import friendly
from shopguide_client.cli.places import Places, catalog_name
from shopguide_client.importing import native
from shopguide_client.importing.event_import import send_events
from shopguide_client.importing.mapping import RowMapper, load_mapping
from shopguide_client.importing.rows import Row, read_rows
from shopguide_client.importing.run import Batcher, Report
from shopguide_client.sync import IndexClient

_console = Console(soft_wrap=True, stderr=False)
_KINDS = ("products", "offers", "reviews", "faq", "events", "attributes", "categories")
_MAX_SHOWN = 20


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--catalog", default="demo", show_default=True, help="Catalogue, with or without `catalogs/`.")
@click.option("--mapping", default="", help="TOML file, or one that ships: icecat, esci, titles.")
@click.option("--kind", type=click.Choice(_KINDS), default="products", show_default=True)
@click.option("--strict", is_flag=True, help="Exit with status 1 when any row was refused.")
@click.pass_obj
@friendly
def import_file(places: Places, path: Path, catalog: str, mapping: str, kind: str, strict: bool) -> None:  # noqa: FBT001
    """Import the rows of a JSON lines, CSV, TSV or Parquet file (.gz too); bad rows are reported and skipped."""
    report = import_rows(places, catalog_name(catalog), read_rows(path), kind, mapping)
    if report.read == 0:
        raise click.ClickException(f"{path.name} holds no rows")
    if (report.written == 0 and not report.notes) or (strict and report.rejected):
        raise SystemExit(1)


def import_rows(places: Places, catalog: str, rows: Iterable[Row], kind: str, mapping: str = "") -> Report:
    """Send rows to the server with a progress bar, then say what became of them."""
    report = Report()
    started = time.monotonic()
    with _progress() as progress, IndexClient(places.index_address()) as client:
        task = progress.add_task(f"{catalog}: {kind}", total=None)
        batcher = Batcher(report, lambda n: progress.advance(task, n))
        _SENDERS[kind](client, catalog, rows, batcher, report, mapping)
        _complete(progress, task, report)
    _tell(report, kind, time.monotonic() - started)
    return report


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=_console, transient=True, disable=not _console.is_terminal)


def _complete(progress: Progress, task: TaskID, report: Report) -> None:
    progress.update(task, total=report.read, completed=report.read)


Sender = Callable[[IndexClient, str, Iterable[Row], Batcher, Report, str], None]
M = TypeVar("M")
_MOST_SPECS = 500


def _send_products(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report, mapping: str
) -> None:
    mapper = RowMapper(load_mapping(mapping)) if mapping else None
    batches = _filled(batcher.batches(rows, mapper.product if mapper else native.product))
    if batches is not None:
        response = client.upsert_products(catalog, batches)
        report.written = response.upserted_count
        batcher.take_failures(response.failures, response.failed_count)
    specs = mapper.specs() if mapper else []
    for start in range(0, len(specs), _MOST_SPECS):
        client.update_specs(catalog, specs[start : start + _MOST_SPECS])


def _send_reviews(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report, _mapping: str
) -> None:
    batches = _filled(batcher.batches(rows, native.review))
    if batches is not None:
        response = client.import_reviews(catalog, batches)
        report.written = response.imported_count
        batcher.take_failures(response.failures, response.failed_count)


def _send_faq(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report, _mapping: str
) -> None:
    batches = _filled(batcher.batches(rows, native.faq_entry))
    if batches is not None:
        response = client.import_faq(catalog, batches)
        report.written = response.imported_count
        batcher.take_failures(response.failures, response.failed_count)


def _send_offers(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report, _mapping: str
) -> None:
    sent = 0
    for batch in batcher.batches(rows, native.offer):
        response = client.update_offers(catalog, batch)
        report.written += response.updated_count
        for failure in response.failures:
            failure.index += sent
        batcher.take_failures(response.failures, len(response.failures))
        missing = frozenset(response.missing_ids)
        for position, offer in enumerate(batch, sent):
            if offer.product_id in missing:
                batcher.reject(position, offer.product_id, "the catalog has no such product")
        sent += len(batch)


def _send_events(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report, _mapping: str
) -> None:
    send_events(client, catalog, rows, batcher, report)


def _filled(batches: Iterator[list[M]]) -> Iterator[list[M]] | None:
    """Return the same batches, or None when there are none: a stream without a message names no catalogue."""
    first = next(batches, None)
    return None if first is None else chain([first], batches)


def _send_attributes(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report, _mapping: str
) -> None:
    for batch in batcher.batches(rows, native.attribute_spec):
        client.update_specs(catalog, attributes=batch)
        report.written += len(batch)


def _send_categories(
    client: IndexClient, catalog: str, rows: Iterable[Row], batcher: Batcher, report: Report, _mapping: str
) -> None:
    for batch in batcher.batches(rows, native.category_spec):
        client.update_specs(catalog, categories=batch)
        report.written += len(batch)


_SENDERS: dict[str, Sender] = {
    "products": _send_products,
    "offers": _send_offers,
    "reviews": _send_reviews,
    "faq": _send_faq,
    "events": _send_events,
    "attributes": _send_attributes,
    "categories": _send_categories,
}


def _tell(report: Report, kind: str, seconds: float) -> None:
    rate = report.written / seconds if seconds else 0.0
    _console.print(f"{report.written} {kind} in {seconds:.1f} s ({rate:.0f}/s)", highlight=False)
    for note in report.notes:
        _console.print(f"  {note}", style="dim", highlight=False)
    if report.rejected:
        _console.print(f"{report.rejected} rows refused:", style="bold")
        for rejection in report.rejections[:_MAX_SHOWN]:
            named = f" ({rejection.id})" if rejection.id else ""
            _console.print(
                f"  line {rejection.line}{named}: {rejection.reason}", markup=False, highlight=False
            )
        if report.rejected > _MAX_SHOWN:
            _console.print(f"  and {report.rejected - _MAX_SHOWN} more")
