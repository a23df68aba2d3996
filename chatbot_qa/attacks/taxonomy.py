"""The names that others give to attacks: OWASP's top ten for LLMs (2025), and MITRE ATLAS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OWASP: Final[Mapping[str, str]] = {
    "LLM01": "Prompt Injection",
    "LLM02": "Sensitive Information Disclosure",
    "LLM03": "Supply Chain",
    "LLM04": "Data and Model Poisoning",
    "LLM05": "Improper Output Handling",
    "LLM06": "Excessive Agency",
    "LLM07": "System Prompt Leakage",
    "LLM08": "Vector and Embedding Weaknesses",
    "LLM09": "Misinformation",
    "LLM10": "Unbounded Consumption",
}

ATLAS: Final[Mapping[str, str]] = {
    "AML.T0029": "Denial of AI Service",
    "AML.T0034": "Cost Harvesting",
    "AML.T0051.000": "LLM Prompt Injection: Direct",
    "AML.T0051.001": "LLM Prompt Injection: Indirect",
    "AML.T0053": "AI Agent Tool Invocation",
    "AML.T0054": "LLM Jailbreak",
    "AML.T0056": "Extract LLM System Prompt",
    "AML.T0057": "LLM Data Leakage",
    "AML.T0070": "RAG Poisoning",
}
"""The techniques that the built-in catalogue names; a catalogue of yours may name others."""


def told(owasp: str, atlas: str) -> str:
    """Both names as a report shows them: ``LLM01:2025 Prompt Injection, AML.T0054 …``."""
    first = f"{owasp}:2025 {OWASP[owasp]}" if owasp in OWASP else owasp
    second = f"{atlas} {ATLAS[atlas]}" if atlas in ATLAS else atlas
    return ", ".join(one for one in (first, second) if one)
