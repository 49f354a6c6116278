import { useLayoutEffect } from "react";
import { useLocation } from "wouter";

/** How far each page was scrolled when it was left. */
const scrolled = new Map<string, number>();

/** A page begins at its top, and one that was left is found where it was. */
export function useScroll(): void {
  const [location] = useLocation();
  useLayoutEffect(() => {
    scrollTo(0, scrolled.get(location) ?? 0);
    const note = () => scrolled.set(location, scrollY);
    addEventListener("scroll", note, { passive: true });
    return () => removeEventListener("scroll", note);
  }, [location]);
}

/** What the tab and the history call the page. */
export function useTitle(title: string | undefined): void {
  useLayoutEffect(() => {
    document.title = title ? `${title} · Sideline` : "Sideline";
  }, [title]);
}
