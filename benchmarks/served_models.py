"""Latency and throughput of the served models through Triton's gRPC: `python benchmarks/served_models.py ADDRESS`."""

import argparse
import asyncio
import statistics
import time
from contextlib import aclosing

from shopguide_runtime.triton import SamplingParameters, TextEncoder, TextGenerator

QUERIES = (
    "towels",
    "降噪耳机",
    "waterproof hiking boots women",
    "两百以内的蓝牙耳机",
    "gift for a runner",
    "羊毛外套 女",
)
TOKENS = 32
FACTS = " ".join(
    f"[{n}] Trail shoe {n}: brand Reef, price ${40 + n}, rating 4.{n % 10}, waterproof." for n in range(1, 13)
)
PROMPT = (
    "<|im_start|>system\nAnswer from the facts. {facts}<|im_end|>\n"
    "<|im_start|>user\n{question}<|im_end|>\n<|im_start|>assistant\n"
)


async def encoder(address: str) -> None:
    """Print single-query latency and the rate of many queries at once."""
    async with TextEncoder(address, max_in_flight=32) as client:
        await client.embed(QUERIES, "query", 60)
        latencies = []
        for query in QUERIES * 10:
            started = time.perf_counter()
            await client.embed([query], "query", 60)
            latencies.append((time.perf_counter() - started) * 1000)
        started = time.perf_counter()
        await asyncio.gather(*(client.embed([query], "query", 60) for query in QUERIES * 50))
        rate = len(QUERIES) * 50 / (time.perf_counter() - started)
    print(
        f"query p50 {statistics.median(latencies):.1f} ms, min {min(latencies):.1f} ms; 32 in flight: {rate:.0f}/s"
    )


async def generator(address: str, concurrent: int, question: str) -> None:
    """Print time to first token and total rate of concurrent streams that share the beginning of their prompts."""
    async with TextGenerator(address) as client:
        started = time.perf_counter()
        streams = [_first_token(client, f"{question} ({number})") for number in range(concurrent)]
        outcomes = await asyncio.gather(*streams)
        took = time.perf_counter() - started
    first = statistics.median(first for first, _ in outcomes) * 1000
    tokens = sum(tokens for _, tokens in outcomes)
    print(f"{concurrent} streams: first token p50 {first:.0f} ms, {tokens / took:.0f} tokens/s")


async def _first_token(client: TextGenerator, question: str) -> tuple[float, int]:
    prompt = PROMPT.format(facts=FACTS, question=question)
    started, first, tokens = time.perf_counter(), 0.0, 0
    async with aclosing(client.stream(prompt, SamplingParameters(max_tokens=TOKENS), 120, 60)) as steps:
        async for step in steps:
            first = first or time.perf_counter() - started
            tokens += step.tokens
    return first, tokens


async def main() -> None:
    """Measure both models of the server at the given address."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    address = parser.parse_args().address
    await encoder(address)
    for concurrent in (1, 1, 2, 4, 8):
        await generator(address, concurrent, f"Which shoe is the cheapest? Run {concurrent}.")


if __name__ == "__main__":
    asyncio.run(main())
