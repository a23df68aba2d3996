"""A stand-in for a judge, so that the examples run without a model; see chatbot-qa.yaml.

A real judge is a model: a target of the kind openai, say, under judges: in chatbot-qa.yaml.
"""

import json
import re


def judge(message: str) -> str:
    """Say yes where what stands between the fences names a sum of money, and no otherwise.

    Asked whether two answers are the same it is unsure: it knows of money alone.
    """
    _, shown, *others = re.split(r"^={8}\w+$", message, flags=re.MULTILINE)
    if len(others) > 1:
        return json.dumps({"reason": "it judges sums of money alone", "verdict": "unsure"})
    yes = "EUR" in shown
    reason = "it names an amount in EUR" if yes else "no amount is named"
    return json.dumps({"reason": reason, "verdict": "yes" if yes else "no"})
