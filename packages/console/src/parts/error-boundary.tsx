import { Component, type ReactNode } from "react";
import { useWords } from "../words/use-words.ts";
import { Button } from "./button.tsx";
import { Notice } from "./notice.tsx";

/** Where a page cannot be loaded (no line, a newer version) or breaks, the rest stays. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError(): { isBroken: boolean } {
    return { isBroken: true };
  }

  override render(): ReactNode {
    return this.state.isBroken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const words = useWords();
  return (
    <Notice actions={<Button onClick={() => location.reload()}>{words.retry}</Button>}>
      {words.notLoaded}
    </Notice>
  );
}
