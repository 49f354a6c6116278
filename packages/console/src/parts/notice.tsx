import { CircleAlert, Clock } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  children: ReactNode;
  actions?: ReactNode;
  /** `wait`: nothing is wrong, and nothing is to be done but to wait. */
  tone?: "alarm" | "wait";
}

/** What is wrong, and what to do about it. */
export function Notice({ children, actions, tone = "alarm" }: Props) {
  const isAlarm = tone === "alarm";
  const Icon = isAlarm ? CircleAlert : Clock;
  return (
    <div
      role={isAlarm ? "alert" : "status"}
      className={`flex flex-wrap items-center gap-x-3 gap-y-2 rounded-part px-3.5 py-2.5 text-sm ${isAlarm ? "bg-alarm" : "bg-patience"}`}
    >
      <Icon
        className={`size-4 shrink-0 ${isAlarm ? "text-high" : "text-medium"}`}
        aria-hidden="true"
      />
      <p className="min-w-48 flex-1">{children}</p>
      {actions && <div className="flex gap-1">{actions}</div>}
    </div>
  );
}
