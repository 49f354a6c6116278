/** The page that most people go to next, in a file of its own. */
export const loadRecordingPage = () => import("./recording/recording-page.tsx");
