/**
 * The diagram and the transitions in docs/state-machine.md, drawn from the table that the walks of
 * the tests take row by row. What stands outside the markers is written by hand.
 */
import { table } from "@sideline/migration-tools/markdown";
import { replaceSection } from "../bench/table.ts";
import {
  effects,
  events,
  type Guard,
  guards,
  type Place,
  stages,
  type Transition,
  transitions,
} from "./transitions.ts";

/** Said in the diagram beside the event, where the event alone does not tell. */
const shortGuards: Partial<Record<Guard, string>> = {
  recovered: "lease expired",
  recoverable: "lease expired",
  exhausted: "no loss left",
  retryable: "retryable",
  final: "for good",
  beyond_bound: "beyond the bound",
  first_round: "first time",
  last_round: "second time",
};

/**
 * @param page the document with its markers
 * @throws where a marker is missing
 */
export function withTransitions(page: string): string {
  const drawn = replaceSection(page, "diagram", diagramOf(transitions));
  return replaceSection(drawn, "transitions", tableOf(transitions));
}

/** An arrow for each pair of states; what may happen in every state stands in a note. */
function diagramOf(rows: readonly Transition[]): string {
  const fromAnywhere = rows.filter(({ from }) => from.length === 4);
  const arrows = new Map<string, Set<string>>();
  for (const row of rows.filter((each) => !fromAnywhere.includes(each))) {
    for (const from of row.from) {
      const arrow = `${dot(from)} --> ${dot(row.to)}`;
      arrows.set(arrow, (arrows.get(arrow) ?? new Set()).add(labelOf(row)));
    }
  }
  const notes = fromAnywhere.map((row) =>
    row.to === "absent"
      ? `${events[row.event].label}: the row goes`
      : `${events[row.event].label} (${row.stages.join(", ")}): ${row.to}`,
  );
  return [
    "```mermaid",
    "stateDiagram-v2",
    ...[...arrows].map(([arrow, labels]) => `  ${arrow} : ${[...labels].join(", ")}`),
    "  note left of queued",
    "    From every state:",
    ...notes.map((note) => `    ${note}`),
    "  end note",
    "```",
  ].join("\n");
}

/** A row for each transition, in the order of the table. */
function tableOf(rows: readonly Transition[]): string {
  return table(
    ["stage", "from", "by", "if", "to", "and"],
    rows.map((row) => [
      row.stages.length === stages.length ? "all" : row.stages.join(", "),
      row.from.length === 4 ? "any" : row.from.map(quoted).join(", "),
      events[row.event].by,
      guards[row.when],
      quoted(row.to),
      effects[row.effect],
    ]),
  );
}

function labelOf({ event, when }: Transition): string {
  const short = shortGuards[when];
  return events[event].label + (short ? ` (${short})` : "");
}

const dot = (place: Place) => (place === "absent" ? "[*]" : place);
const quoted = (place: Place) => (place === "absent" ? "–" : `\`${place}\``);
