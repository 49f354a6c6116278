import type { Wording } from "./wording.ts";

export const french: Wording = {
  language: "fr",
  decimalMark: ",",
  title: (count) => {
    if (count === null) return "Un enregistrement sans changement net";
    return count === 1 ? "Un pic de mouvement" : `${count} pics de mouvement`;
  },
  summaryOfBursts: ({ count, active, duration, strongest }) =>
    `En ${duration} secondes de vidéo, l'image change bien plus que d'habitude dans ${count === 1 ? "un passage" : `${count} passages`}, ${active} secondes en tout. ` +
    `Le plus fort est ${strongest} ; commencez par là. ` +
    "On a mesuré combien les images compressées changent : cela dit quand quelque chose bouge, pas quoi, ni avec quelle qualité.",
  summaryOfNothing: ({ duration }) =>
    `Pendant ${duration} secondes, rien dans les images compressées ne varie assez pour distinguer le mouvement du repos. Aucun moment n'est signalé, car ce serait deviner.`,
  summaryOfIntraOnly: ({ duration }) =>
    `Dans ce clip de ${duration} secondes, chaque image est enregistrée à part : sa taille ne dit rien du mouvement. Aucun moment n'est signalé, car ce serait deviner.`,
  burst: ({ start, end, peak, ratio, number, count, isStrongest }) =>
    `Un pic de mouvement de ${start} à ${end} secondes, avec environ ${ratio} fois l'activité des parties calmes. ` +
    `Il est le plus vif vers ${peak} secondes.` +
    (count > 1
      ? ` C'est le numéro ${number} sur ${count}${isStrongest ? " et le plus fort" : ""}.`
      : ""),
  burstDrill: ({ start, end }) =>
    `Regardez de ${start} à ${end} secondes à mi-vitesse, arrêtez au premier instant où quelque chose bouge et notez ce qui le déclenche.`,
  stillness: ({ start, end, length }) =>
    `De ${start} à ${end} secondes, presque rien ne bouge : le plus long passage calme, ${length} secondes.`,
  stillnessDrill:
    "Regardez la dernière seconde avant la reprise du mouvement et décidez si la pause était voulue.",
  cut: ({ at }) =>
    `Il y a peut-être une coupe à ${at} secondes : l'encodeur y a commencé une nouvelle image plus tôt que prévu.`,
  recording: ({ duration, width, height, frameRate, hasSound, rotation }) =>
    `L'enregistrement dure ${duration} secondes, ${width} sur ${height} pixels à ${frameRate} images par seconde, ${hasSound ? "avec" : "sans"} piste sonore` +
    (rotation === 0 ? "." : `, et s'affiche tourné de ${rotation} degrés.`),
  recordingDrill:
    "Filmez encore une fois avec une caméra fixe et une pause avant et après chaque essai, pour que les essais ressortent.",
  lowFrameRate: ({ frameRate }) =>
    `L'enregistrement n'a que ${frameRate} images par seconde : les gestes rapides tombent entre deux images.`,
  lowFrameRateDrill: "Filmez à 30 images par seconde ou plus, avec une bonne lumière.",
  smallPicture: ({ width, height }) =>
    `L'image est petite, ${width} sur ${height} pixels : les détails seront difficiles à voir.`,
  smallPictureDrill: "Filmez avec 720 lignes ou plus, ou rapprochez la caméra.",
};
