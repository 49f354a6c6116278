import type { ProblemCode } from "./problem-code.ts";

/** What is said to users, in German. */
export const german: Record<ProblemCode, string> = {
  upload_failed: "Das Hochladen hat nicht geklappt. Bitte wähle das Video noch einmal aus.",
  file_too_large: "Dieses Video ist größer als 500 MB. Bitte wähle ein kürzeres oder kleineres.",
  mime_type_not_allowed:
    "Das ist kein Video, das gelesen werden kann. MP4, MOV, WebM und 3GP gehen.",
  upload_abandoned: "Das Hochladen wurde nie fertig. Bitte wähle das Video noch einmal aus.",
  video_missing: "Das Video ist nicht angekommen. Bitte lade es noch einmal hoch.",
  video_empty: "Die Videodatei ist leer. Bitte wähle eine andere.",
  video_unreadable: "In dieser Datei ist kein lesbares Video. Bitte wähle eine andere.",
  video_too_long: "Dieses Video ist länger als 60 Minuten. Bitte lade einen Ausschnitt hoch.",
  provider_rate_limited:
    "Gerade werden viele Videos analysiert. Deines geht gleich von selbst weiter.",
  provider_unavailable: "Der Analysedienst ist nicht da. Sobald er zurück ist, geht es weiter.",
  provider_pending: "Der Analysedienst liest das Video noch.",
  provider_key_invalid:
    "Der Analysedienst ist falsch eingerichtet. Bitte sag dem Betreiber Bescheid.",
  provider_quota_exceeded: "Der Analysedienst hat sein Pensum erreicht. Es geht später weiter.",
  provider_rejected: "Der Analysedienst nimmt das nicht an. Bitte versuche ein anderes Video.",
  provider_blocked: "Der Analysedienst lehnt diesen Inhalt ab. Bitte versuche ein anderes Video.",
  reply_invalid: "Die Analyse ist unbrauchbar. Ein neuer Versuch hilft meistens.",
  nothing_to_say: "In dieser Bemerkung ist nichts, was man sprechen könnte. Bitte schreib sie neu.",
  language_not_spoken:
    "Keine Stimme spricht diese Sprache. Bitte wähle eine Stimme oder eine andere Sprache.",
  ssml_invalid:
    "Diese Bemerkung ließ sich nicht in Sprache fassen. Ein neuer Versuch hilft meistens.",
  ssml_refused: "Diese Bemerkung ließ sich so nicht sprechen. Ein neuer Versuch schreibt sie neu.",
  audio_invalid: "Der Ton dieser Bemerkung ist beschädigt. Ein neuer Versuch hilft meistens.",
  audio_silent: "Der Ton dieser Bemerkung ist stumm. Ein neuer Versuch hilft meistens.",
  audio_too_large: "Diese Bemerkung ist zu lang zum Sprechen. Bitte kürze sie.",
  lease_expired: "Die Arbeit daran brach mehrmals ab. Du kannst es noch einmal versuchen.",
  quota_exceeded: "Das war alles für heute. Nach Mitternacht (UTC) geht es von selbst weiter.",
  deferred_too_long: "Ein Dienst war zu lange weg. Du kannst es jetzt noch einmal versuchen.",
  out_of_time: "Das hat zu lange gedauert. Du kannst es noch einmal versuchen.",
  internal_error: "Bei uns ist etwas schiefgegangen. Du kannst es noch einmal versuchen.",
  invalid_request: "Diese Anfrage wurde nicht verstanden. Bitte sag dem Betreiber Bescheid.",
  unauthorized: "Deine Sitzung ist abgelaufen. Bitte melde dich neu an.",
  forbidden: "Das darfst du nicht. Bitte melde dich mit dem richtigen Konto an.",
  not_found: "Das gibt es nicht mehr.",
  method_not_allowed: "Diese Anfrage wurde nicht verstanden. Bitte sag dem Betreiber Bescheid.",
  upload_incomplete: "Das Video ist noch nicht ganz hochgeladen.",
  not_failed: "Daran wird schon gearbeitet.",
  too_many_retries: "Mehr Versuche sind nicht möglich. Bitte lade das Video noch einmal hoch.",
  misconfigured: "Der Dienst ist falsch eingerichtet. Bitte sag dem Betreiber Bescheid.",
  offline: "Der Server ist nicht erreichbar. Bitte prüfe deine Verbindung.",
  upload_interrupted:
    "Die Verbindung ist abgebrochen. Was gesendet ist, bleibt: Mach weiter, sobald du online bist.",
  not_signed_in: "Bitte melde dich erst an.",
  too_many_uploads: "Es laufen zu viele Uploads. Bitte warte, bis einige fertig sind.",
  too_many_requests: "Das war zu oft. Bitte warte einen Moment.",
  unknown: "Etwas ist schiefgegangen. Du kannst es noch einmal versuchen.",
};
