"""The chat template of the served model: from its folder, or the ChatML that small instruct models share."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shopguide_generation.ports import ChatMessage

CHATML = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


class ChatTemplateError(ValueError):
    """Raised when a model's chat template cannot be read; the message names the file."""


class ChatTemplate:
    """Turns messages into the raw prompt that a model was trained on."""

    def __init__(self, source: str = CHATML, bos_token: str = "", eos_token: str = "") -> None:
        """Compile a Jinja template; raises ChatTemplateError when it is none."""
        environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
        self._tokens = {"bos_token": bos_token, "eos_token": eos_token}
        try:
            self._template = environment.from_string(source)
        except TemplateError as error:
            raise ChatTemplateError(f"the chat template cannot be compiled: {error}") from error

    @classmethod
    def load(cls, folder: Path | None) -> "ChatTemplate":
        """The template in a model's folder (`chat_template.jinja` or `tokenizer_config.json`); ChatML without one."""
        if folder is None or not folder.is_dir():
            return cls()
        config = _config(folder / "tokenizer_config.json")
        separate = folder / "chat_template.jinja"
        source = separate.read_text("utf-8") if separate.is_file() else config.get("chat_template")
        tokens = {
            name: value for name in ("bos_token", "eos_token") if isinstance(value := config.get(name), str)
        }
        return cls(source if isinstance(source, str) else CHATML, **tokens)

    def render(self, messages: Sequence[ChatMessage]) -> str:
        """The prompt, up to where the assistant's answer begins. Control tokens inside messages are taken out."""
        safe = [asdict(message) | {"content": _without_control(message.content)} for message in messages]
        return self._template.render(messages=safe, add_generation_prompt=True, **self._tokens)


def _without_control(text: str) -> str:
    """Text that cannot end its message or begin another."""
    return text.replace("<|", "< |").replace("|>", "| >")


def _config(path: Path) -> dict[str, object]:
    if not path.is_file():
        return {}
    try:
        loaded = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ChatTemplateError(f"{path} is no JSON: {error}") from error
    return loaded if isinstance(loaded, dict) else {}
