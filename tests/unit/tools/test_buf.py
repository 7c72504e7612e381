import pytest

from buf import check_breaking, check_format, lint, make_workspace, record_image

PROTO = "protos/shopguide/echo/v1/echo_service.proto"


@pytest.fixture
def workspace(contract, tmp_path):
    """Return a buf workspace made from the small contract."""
    scratch = tmp_path / "scratch"
    make_workspace(contract, scratch)
    return scratch


def edit(workspace, old, new):
    """Replace text in the contract of `workspace`."""
    path = workspace / PROTO
    path.write_text(path.read_text().replace(old, new))


def test_good_contract_passes_lint_and_format(workspace):
    """The small contract satisfies the rules that ours has to satisfy."""
    assert lint(workspace) == (0, "")
    assert check_format(workspace) == (0, "")


def test_missing_comment_fails_lint(workspace):
    """A field without a comment is reported."""
    edit(workspace, "  // Required. What to say.\n", "")
    status, output = lint(workspace)
    assert status != 0
    assert "echo_service.proto:15" in output


def test_wrong_indentation_fails_format(workspace):
    """Formatting that differs from buf's is reported."""
    edit(workspace, "  string text = 1;\n\n  // Optional. How", "     string text = 1;\n\n  // Optional. How")
    assert check_format(workspace)[0] != 0


def test_renamed_field_breaks_and_new_field_does_not(workspace, tmp_path):
    """Against a recorded image, adding a field is allowed and renaming one is not."""
    image = tmp_path / "image.binpb"
    assert record_image(workspace, image)[0] == 0
    edit(
        workspace,
        "map<string, Mood> moods = 3;",
        "map<string, Mood> moods = 3;\n\n  // New.\n  bool soft = 4;",
    )
    assert check_breaking(workspace, image) == (0, "")
    edit(workspace, "int32 volume", "int32 loudness")
    status, output = check_breaking(workspace, image)
    assert status != 0
    assert "loudness" in output
