// Compiled under --strict by the tests: what a TypeScript product writes against the exported types.
import type { BillingFact, Decision, UsageEvent } from "./types/saascore";

export function describe(fact: BillingFact): string[] {
  return (fact.signals ?? []).map((signal) => {
    switch (signal.kind) {
      case "paid":
        return signal.occasion;
      case "refunded":
        return `${signal.extent} ${signal.stage}`;
      case "dispute":
        return signal.stage;
      case "payment_failed":
        return signal.final ? "final" : "will be tried again";
      default:
        return signal.kind;
    }
  });
}

export const allowed = (decision: Decision): boolean => decision.outcome === "granted";
export const amount = (event: UsageEvent): string => String(event.quantity);

// @ts-expect-error an outcome that is not on the list
export const wrong: Decision["outcome"] = "maybe";
