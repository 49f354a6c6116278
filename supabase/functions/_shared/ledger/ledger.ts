import type { Json } from "@sideline/database";

/** Who answered for money, and what it used; what a provider does not tell is left out. */
export interface Receipt {
  provider: string;
  /** The model, or the voice. */
  model: string;
  input_tokens?: number | undefined;
  output_tokens?: number | undefined;
  thought_tokens?: number | undefined;
  characters?: number | undefined;
  /** The provider's own name of its answer. */
  response_id?: string | undefined;
  ms: number;
}

/** A row of `pipeline.provider_calls`, but for what the item says. */
export interface PaidCall extends Receipt {
  request_hash: string;
  /** What another attempt can use; null where it is no use. */
  answer: Json;
  /** Why it is no use. */
  refused: string | null;
}

/** One item's side of the ledger. */
export interface Ledger {
  /** What this question was answered before, or null. */
  find(requestHash: string): Promise<Json>;
  /** Never throws: an answer that could not be written down is still worth having. */
  record(call: PaidCall): Promise<void>;
  /** Called before a provider is asked for anything: the item's result is then one of its answers. */
  asking(): void;
}
