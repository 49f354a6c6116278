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
  /** Words that say nothing of their own: a rule out of these and one below can be followed. */
  vague: RegExp;
  /** Words that name what the offline analysis can see. */
  category: Record<string, string>;
  movement: string;
  askLevel: string;
  askAudience: string;
  askMost: string;
  askDrills: string;
  /** So many parts of the request, of which this is the first, found no place. */
  askLeft(words: { count: string; part: string }): string;
}

/** The first is taken where nothing tells. */
export const draftWords: [DraftWords, ...DraftWords[]] = [
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
    vague:
      /^(the|a|an|and|all|any|most|more|much|strong|strongest|long|short|big|fast|sudden|moments?|times?|with|of|in|when|where|there|is|are|quality|video)$/iu,
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
    askLeft: ({ count, part }) =>
      `There was no room for ${count} more, from “${part}” on. What of it matters most?`,
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
    vague:
      /^(der|die|das|den|ein|eine|und|alle|am|viel|meiste[nr]?|stark|starke|stärkste[nr]?|lange?|kurze?|schnelle?|augenblicke?|momente?|mit|von|in|wo|wann|ist|sind|video)$/iu,
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
    askLeft: ({ count, part }) =>
      `Für ${count} weitere war kein Platz, ab „${part}“. Was davon ist am wichtigsten?`,
  },
  {
    language: "fr-FR",
    telltale: /(?<!\p{L})(le|les|la|des|du|une?|et|pour|sans|avec|pas|dans)(?!\p{L})/giu,
    skip: /^(?:et\s+)?(?:sans|ignorez?|pas d[eu']s?|rien sur)\s*(?:les?\s+|la\s+|l')?(?<what>.+)$/iu,
    audience: /^(?:et\s+)?pour\s+(?<who>(?:une?\s|mon\s|ma\s)?\S.*)$/iu,
    levels: [
      [/débutant/iu, "beginner"],
      [/intermédiaire/iu, "intermediate"],
      [/avancé/iu, "advanced"],
      [/professionnel/iu, "professional"],
    ],
    levelOptions: ["débutant", "intermédiaire", "avancé"],
    vague:
      /^(le|la|les|l|un|une|et|de|du|des|tous|plus|fort|forts|long|longs|longues|rapides?|moments?|avec|dans|où|quand|est|sont|qualité|vidéo)$/iu,
    category: {
      mouvement: "movement",
      mouvements: "movement",
      repos: "stillness",
      pauses: "stillness",
      coupes: "cut",
      caméra: "recording",
      image: "recording",
      enregistrement: "recording",
    },
    movement: "Les moments où le mouvement est le plus fort",
    askLevel: "Quel est le niveau de la personne dans la vidéo ?",
    askAudience: "Pour qui sont les remarques ?",
    askMost: "Combien de remarques au plus ?",
    askDrills: "Faut-il un exercice avec les remarques ?",
    askLeft: ({ count, part }) =>
      `Pas de place pour ${count} de plus, à partir de « ${part} ». Que faut-il en garder ?`,
  },
  {
    language: "es-ES",
    telltale: /(?<!\p{L})(el|los|las|del|una?|y|para|sin|con|por)(?!\p{L})/giu,
    skip: /^(?:y\s+)?(?:sin|omite|ignora|nada de)\s+(?:el\s+|las?\s+|los\s+)?(?<what>.+)$/iu,
    audience: /^(?:y\s+)?para\s+(?<who>(?:una?\s|mi\s)?\S.*)$/iu,
    levels: [
      [/principiante/iu, "beginner"],
      [/intermedi[oa]/iu, "intermediate"],
      [/avanzad[oa]/iu, "advanced"],
      [/profesional/iu, "professional"],
    ],
    levelOptions: ["principiante", "intermedio", "avanzado"],
    vague:
      /^(el|la|los|las|un|una|y|de|del|todos|más|fuerte|fuertes|largo|largas?|rápidos?|momentos?|con|en|donde|cuando|es|son|calidad|vídeo)$/iu,
    category: {
      movimiento: "movement",
      movimientos: "movement",
      reposo: "stillness",
      pausas: "stillness",
      cortes: "cut",
      cámara: "recording",
      imagen: "recording",
      grabación: "recording",
    },
    movement: "Los momentos de mayor movimiento",
    askLevel: "¿Qué nivel tiene la persona del vídeo?",
    askAudience: "¿Para quién son las observaciones?",
    askMost: "¿Cuántas observaciones como máximo?",
    askDrills: "¿Debe haber un ejercicio con las observaciones?",
    askLeft: ({ count, part }) =>
      `No hubo sitio para ${count} más, desde «${part}». ¿Qué es lo más importante?`,
  },
];
