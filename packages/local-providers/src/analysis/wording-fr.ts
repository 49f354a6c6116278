import type { Wording } from "./wording.ts";

const frames = (number: string) =>
  `${number} ${/^[01](,|$)/.test(number) ? "image par seconde" : "images par seconde"}`;

export const french: Wording = {
  language: "fr",
  decimalMark: ",",
  title: (count) => {
    if (count === null) return "Un enregistrement sans changement net";
    return count === 1 ? "Un pic de mouvement" : `${count} pics de mouvement`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `En ${duration} de vidéo, l'image change bien plus que d'habitude dans ${count === 1 ? "un passage" : `${count} passages`}, ${active} en tout. ` +
    `Le plus fort est ${strongest} ; commencez par là. ` +
    "On a mesuré combien l'image change : cela dit quand quelque chose bouge, pas quoi, ni avec quelle qualité.",
  summaryOfNothing: ({ duration }) =>
    `Pendant ${duration}, rien ne bouge dans l'image au point de ressortir : elle est à peu près aussi agitée, ou aussi calme, tout du long. Aucun moment n'est signalé, car ce serait deviner.`,
  summaryOfThroughout: ({ duration }) =>
    `Quelque chose bouge dans l'image pendant ${duration} : il n'y a pas de repos, donc aucun moment ne ressort.`,
  summaryOfUnseen: ({ duration }) =>
    `Les images de ce clip de ${duration} ne peuvent être lues ici : personne ne les a regardées. Aucun moment n'est signalé, car ce serait deviner.`,
  summaryOfUnknownEdits: ({ duration }) =>
    `Les montages de ce fichier ne peuvent être suivis : personne ne sait ce qui est montré et quand dans ses ${duration}. Aucun moment n'est signalé, car ce serait deviner.`,
  lookedAt: ({ seen, duration }) =>
    `Le clip est long : seulement ${seen} sur ${duration} ont été regardées.`,
  cannotLookFor: ({ rules }) =>
    `Il était aussi demandé ${rules} : cela n’a pas été cherché, car les changements de l’image ne le montrent pas.`,
  leftOut: ({ categories }) => `Laissé de côté comme demandé : ${categories}.`,
  span: (from, to) => `${from} à ${to}`,
  seconds: (number) => (/^[01](,|$)/.test(number) ? `${number} seconde` : `${number} secondes`),
  burst: ({ span, ratio }) =>
    `Mouvement, ${span}${ratio === null ? "" : ` : ${ratio} fois le repos`}.`,
  burstDrill: "Regardez-le au ralenti.",
  stillness: ({ span }) => `Presque aucun mouvement, ${span}.`,
  stillnessDrill: "Était-ce voulu ?",
  cut: ({ at }) => `Peut-être une coupe à ${at}.`,
  recording: ({ duration, frameRate, hasSound }) =>
    `${duration}, ${frames(frameRate)}${hasSound ? "" : ", sans son"}.`,
  recordingDrill: "Fixez la caméra.",
  lowFrameRate: ({ frameRate }) =>
    `Seulement ${frames(frameRate)} : les gestes rapides se perdent.`,
  lowFrameRateDrill: "Filmez à 30 ou plus.",
  smallPicture: ({ pixels }) => `Seulement ${pixels} pixels de large.`,
  smallPictureDrill: "Filmez à 720 ou plus.",
};
