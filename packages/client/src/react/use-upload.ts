import { useCallback, useState } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { UploadHandle } from "../upload/upload.ts";
import type { UploadOptions, UploadState } from "../upload/upload-state.ts";
import { useSideline } from "./sideline-provider.ts";

export interface UseUpload {
  /** Null before the first one. */
  upload: UploadState | null;
  /** Replaces the one that is shown, which goes on. */
  start(file: Blob, options?: UploadOptions): UploadHandle;
  pause(): void;
  resume(): void;
  retry(): void;
  cancel(): void;
}

const none: StoreApi<UploadState | null> = createStore<UploadState | null>(() => null);

/** One upload. It goes on when the component is gone: pages may navigate as soon as they like. */
export function useUpload(): UseUpload {
  const sideline = useSideline();
  const [handle, setHandle] = useState<UploadHandle | null>(null);
  const upload = useStore<StoreApi<UploadState | null>>(handle?.store ?? none);
  const start = useCallback(
    (file: Blob, options?: UploadOptions) => {
      const started = sideline.upload(file, options);
      setHandle(started);
      return started;
    },
    [sideline],
  );
  return {
    upload,
    start,
    pause: useCallback(() => handle?.pause(), [handle]),
    resume: useCallback(() => handle?.resume(), [handle]),
    retry: useCallback(() => handle?.retry(), [handle]),
    cancel: useCallback(() => void handle?.cancel(), [handle]),
  };
}
