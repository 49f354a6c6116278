/** What the template drafter knows of a language. */
export interface DraftWords {
  /** BCP 47 tag. */
  language: string;
  /** Words that only this language has. */
  telltale: RegExp;
  skip: RegExp;
  audience: RegExp;
  levels: [RegExp, string][];
  levelOptions: string[];
  /** Words that name what the offline analysis can see. */
  category: Record<string, string>;
  movement: string;
  askLevel: string;
  askAudience: string;
  askMost: string;
  askDrills: string;
}

/** The first is taken where nothing tells. */
export const draftWords: DraftWords[] = [
  {
    language: "en-US",
    telltale: /\b(the|and|for|skip|look|how|with)\b/giu,
    skip: /^(?:and\s+)?(?:skip|ignore|leave out|nothing (?:on|about)|no)\s+(?:the\s+|any\s+)?(?<what>.+)$/iu,
    audience: /^(?:and\s+)?for\s+(?<who>(?:an?\s|my\s|the\s)?\S.*)$/iu,
    levels: [
      [/\bbeginner|novice\b/iu, "beginner"],
      [/\bintermediate\b/iu, "intermediate"],
      [/\badvanced\b/iu, "advanced"],
      [/\bprofessional|\bpro\b/iu, "professional"],
    ],
    levelOptions: ["beginner", "intermediate", "advanced"],
    category: {
      movement: "movement",
      moves: "movement",
      rest: "stillness",
      still: "stillness",
      pauses: "stillness",
      stillness: "stillness",
      cuts: "cut",
      camera: "recording",
      picture: "recording",
      recording: "recording",
    },
    movement: "The moments with the strongest movement",
    askLevel: "How far along is the person in the video?",
    askAudience: "For whom are the remarks?",
    askMost: "How many remarks at most?",
    askDrills: "Shall remarks come with an exercise?",
  },
  {
    language: "de-DE",
    telltale: /\b(der|die|das|und|für|ohne|nicht|wie|mit|bitte|ein|eine|einen)\b/giu,
    skip: /^(?:und\s+)?(?:ohne|nicht|nichts zu[rm]?|kein(?:e|en)?)\s+(?:der\s+|die\s+|das\s+|den\s+)?(?<what>.+)$/iu,
    audience: /^(?:und\s+)?für\s+(?<who>(?:eine[nr]?\s|ein\s|mein\S*\s)?\S.*)$/iu,
    levels: [
      [/\banfänger/iu, "beginner"],
      [/\bfortgeschritten/iu, "advanced"],
      [/\bprofi/iu, "professional"],
    ],
    levelOptions: ["Anfang", "Mitte", "fortgeschritten"],
    category: {
      bewegung: "movement",
      bewegungen: "movement",
      ruhe: "stillness",
      pausen: "stillness",
      stillstand: "stillness",
      schnitte: "cut",
      kamera: "recording",
      bild: "recording",
      aufnahme: "recording",
    },
    movement: "Die Augenblicke mit der stärksten Bewegung",
    askLevel: "Wie weit ist die Person im Video?",
    askAudience: "Für wen sind die Bemerkungen?",
    askMost: "Wie viele Bemerkungen höchstens?",
    askDrills: "Soll zu Bemerkungen eine Übung gehören?",
  },
];
