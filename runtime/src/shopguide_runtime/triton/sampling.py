"""How the next token is chosen, in the terms of vLLM's SamplingParams."""

import json
from dataclasses import asdict, dataclass

_UNSET: tuple[object, ...] = (None, (), "")


@dataclass(frozen=True)
class SamplingParameters:
    """Parameters of one generation; the field names are vLLM's, because its backend rejects any other."""

    max_tokens: int = 256
    """Most tokens to generate."""
    temperature: float = 0.0
    """0 takes the likeliest token every time; higher is more varied."""
    top_p: float | None = None
    """Sample from the likeliest tokens whose probabilities sum up to this."""
    top_k: int | None = None
    """Sample from this many likeliest tokens."""
    seed: int | None = None
    """Makes sampling repeatable."""
    stop: tuple[str, ...] = ()
    """Texts that end the generation; they are not part of it."""
    presence_penalty: float | None = None
    """Added once against tokens that occurred."""
    frequency_penalty: float | None = None
    """Added per occurrence against tokens that occurred."""
    repetition_penalty: float | None = None
    """Factor against tokens that occurred; above 1 discourages repetition."""

    def to_json(self) -> str:
        """Return the JSON object for the tensor `sampling_parameters`, without unset fields."""
        return json.dumps({name: value for name, value in asdict(self).items() if value not in _UNSET})
