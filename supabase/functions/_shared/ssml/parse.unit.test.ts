import { describe, expect, test } from "vitest";
import { parseSsml } from "./parse.ts";
import { SsmlError, serialise } from "./tree.ts";

function faultOf(markup: string): string {
  try {
    parseSsml(markup);
  } catch (error) {
    if (error instanceof SsmlError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("parseSsml accepts", () => {
  test.each([
    "<speak>Hello.</speak>",
    '<speak><p><s>One.</s><break time="400ms"/><s>Two.</s></p></speak>',
    '<speak><prosody rate="90%" pitch="+2st" volume="loud">Now.</prosody></speak>',
    '<speak><emphasis level="strong">Bend</emphasis> your knees.</speak>',
    '<speak><sub alias="seconds">s</sub> and <say-as interpret-as="cardinal">4</say-as></speak>',
    "<speak>Fish &amp; chips &lt;3</speak>",
  ])("%s and writes the same again", (markup) => {
    expect(serialise(parseSsml(markup))).toBe(markup);
  });

  test("the namespace and language of the standard, and leaves them out", () => {
    const markup =
      '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">Hi</speak>';

    expect(serialise(parseSsml(markup))).toBe("<speak>Hi</speak>");
  });

  test("character references, which come back as escaped text", () => {
    expect(serialise(parseSsml("<speak>&#60;audio&#x3e;</speak>"))).toBe(
      "<speak>&lt;audio&gt;</speak>",
    );
  });
});

test("what holds nothing is left out", () => {
  const markup =
    '<speak>Hi<p/><p> <s></s></p><emphasis level="strong"> </emphasis><break/></speak>';

  expect(serialise(parseSsml(markup))).toBe("<speak>Hi<break/></speak>");
});

describe("parseSsml refuses", () => {
  const deep = `<speak>${"<prosody>".repeat(16)}x${"</prosody>".repeat(16)}</speak>`;
  const sixteen = `<speak>${"<prosody>".repeat(15)}x${"</prosody>".repeat(15)}</speak>`;

  test.each([
    ["nothing at all", "", "a root element"],
    ["plain text", "Hello.", "text data outside"],
    ["another root", "<p>Hello.</p>", "outermost element must be <speak>"],
    ["two roots", "<speak>a</speak><speak>b</speak>", "documents may contain only one root"],
    ["a second speak inside", "<speak><speak>a</speak></speak>", "not allowed in <speak>"],
    ["an unclosed element", "<speak><p>a</speak>", "unexpected close tag"],
    ["a missing end", "<speak>a", "unclosed tag"],
    ["crossed elements", "<speak><p><s>a</p></s></speak>", "unexpected close tag"],
    ["text after the end", "<speak>a</speak>b", "text data outside"],
    ["a bare ampersand", "<speak>a & b; c</speak>", "entity"],
    ["an unknown entity", "<speak>&xxe;</speak>", "undefined entity"],
    ["an attribute twice", '<speak><break time="1s" time="2s"/></speak>', "duplicate attribute"],
    ["an attribute without quotes", "<speak><break time=1s/></speak>", "unquoted attribute"],
    ["a DOCTYPE", "<!DOCTYPE speak><speak>a</speak>", "DOCTYPE"],
    [
      "an entity bomb",
      '<!DOCTYPE s [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><speak>&b;</speak>',
      "DOCTYPE",
    ],
    [
      "an external entity",
      '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><speak>&x;</speak>',
      "DOCTYPE",
    ],
    ["an XML declaration", '<?xml version="1.0"?><speak>a</speak>', "declaration"],
    ["a processing instruction", "<speak><?php x ?>a</speak>", "processing instruction"],
    ["a comment", "<speak><!-- a -->b</speak>", "comment"],
    ["CDATA", "<speak><![CDATA[a]]></speak>", "CDATA"],
    ["audio from elsewhere", '<speak><audio src="https://x/y.mp3"/></speak>', "<audio>"],
    ["a mark", '<speak><mark name="x"/></speak>', "<mark>"],
    [
      "a volume that changes inside a changed one",
      '<speak><prosody volume="-6dB"><s><prosody volume="-6dB">a</prosody></s></prosody></speak>',
      "volume of a <prosody>",
    ],
    ["a voice", '<speak><voice name="x">a</voice></speak>', "<voice>"],
    ["a script", "<speak><script>a</script></speak>", "<script>"],
    ["a name in capitals", "<SPEAK>a</SPEAK>", "outermost"],
    ["a paragraph in a sentence", "<speak><s><p>a</p></s></speak>", "not allowed in <s>"],
    ["an event handler", '<speak onload="x">a</speak>', "attribute onload"],
    ["a name of Object's", '<speak constructor="x">a</speak>', "attribute constructor"],
    ["a foreign namespace", '<speak xmlns="urn:x">a</speak>', "value not allowed"],
    ["a pause of an hour", '<speak><break time="3600s"/></speak>', "value not allowed"],
    ["a pause of 11 seconds", '<speak><break time="11000ms"/></speak>', "value not allowed"],
    ["text in a pause", "<speak><break>a</break></speak>", "must not hold text"],
    ["silence", '<speak><prosody volume="silent">a</prosody></speak>', "value not allowed"],
    ["whispered volume", '<speak><prosody volume="-40dB">a</prosody></speak>', "value not allowed"],
    ["a racing rate", '<speak><prosody rate="900%">a</prosody></speak>', "value not allowed"],
    ["an empty rate", '<speak><prosody rate="">a</prosody></speak>', "value not allowed"],
    ["bleeped words", '<speak><say-as interpret-as="expletive">a</say-as></speak>', "value not"],
    ["say-as without a kind", "<speak><say-as>a</say-as></speak>", "needs attribute interpret-as"],
    ["sub without an alias", "<speak><sub>a</sub></speak>", "needs attribute alias"],
    ["nesting of 17", deep, "nest deeper than 16"],
    ["a control character", "<speak>a\u0000b</speak>", "disallowed character"],
    ["too many bytes", `<speak>${"é".repeat(32 * 1024)}</speak>`, "longer than 65536 bytes"],
  ])("%s", (_what, markup, fault) => {
    expect(faultOf(markup).toLowerCase()).toContain(fault.toLowerCase());
  });

  test("but not nesting of 16", () => {
    expect(faultOf(sixteen)).toBe("accepted");
  });
});
