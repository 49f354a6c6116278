const fills: Record<string, string> = { low: "bg-low", medium: "bg-medium", high: "bg-high" };
const texts: Record<string, string> = { low: "text-low", medium: "text-medium", high: "text-high" };

export function severityFill(severity: string): string {
  return fills[severity] ?? "bg-low";
}

export function severityText(severity: string): string {
  return texts[severity] ?? "text-low";
}
