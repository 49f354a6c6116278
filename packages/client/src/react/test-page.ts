import { Window } from "happy-dom";

/** A page for React to render into, beside Node's own fetch and WebSocket. */
export interface TestPage {
  window: Window;
  root: HTMLElement;
  text(): string;
  /** As if a person had changed it. */
  change(input: Element | null): void;
  close(): Promise<void>;
}

const shared = ["window", "document", "HTMLElement", "HTMLIFrameElement", "Node"] as const;

export function openPage(): TestPage {
  const window = new Window({ url: "http://app.test/" });
  const before = new Map<string, PropertyDescriptor | undefined>();
  for (const name of shared) {
    before.set(name, Object.getOwnPropertyDescriptor(globalThis, name));
    const value = name === "window" ? window : window[name];
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  const root = document.createElement("div");
  root.id = "root";
  document.body.append(root);
  return {
    window,
    root,
    change(input) {
      const event: unknown = new window.Event("change", { bubbles: true });
      if (event instanceof Object) input?.dispatchEvent(event as Event);
    },
    text: () => root.textContent ?? "",
    async close() {
      await window.happyDOM.close();
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else Reflect.deleteProperty(globalThis, name);
      }
    },
  };
}
