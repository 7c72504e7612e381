from check_model_types import check

MODEL = "model_repository/cpu/echo/1/model.py"


def test_wrong_type_is_reported_across_files_of_a_model(plant):
    """A model's call into a file beside it is checked."""
    plant("model_repository/cpu/echo/1/voice.py", "def say(text: str) -> str:\n    return text\n")
    status, output = check(plant(MODEL, "from .voice import say\n\nsay(3)\n"))
    assert status != 0
    assert "cpu_echo_1/model.py:3" in output


def test_repository_without_models_passes(tmp_path):
    """Nothing to check is no error."""
    assert check(tmp_path) == (0, "")
