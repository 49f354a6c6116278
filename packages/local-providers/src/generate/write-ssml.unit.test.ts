import { describe, expect, it } from "vitest";
import { ssmlForEspeak } from "../speech/ssml-for-espeak.ts";
import { writeSsml } from "./write-ssml.ts";

const order = { message: "Good start.", drill: null, language: "en-US", style: null };

describe("SSML of a message", () => {
  it("gives each sentence its own element, and the drill a pause and a slower pace", () => {
    const ssml = writeSsml({ ...order, message: "Good start. Hold it.", drill: "Again, slowly." });

    expect(ssml).toBe(
      '<speak><p><s>Good start.</s><s>Hold it.</s></p><break time="400ms"/>' +
        '<prosody rate="95%"><p><s>Again, slowly.</s></p></prosody></speak>',
    );
  });

  it("stresses the span of time that is spoken of", () => {
    expect(writeSsml({ ...order, message: "Look from 4 to 7 seconds." })).toContain(
      'from <emphasis level="moderate">4 to 7</emphasis> seconds',
    );
  });

  it("lets units and needless decimals be said as words", () => {
    const ssml = writeSsml({ ...order, message: "You rest for 4.0 s after the second burst." });

    expect(ssml).toContain('<sub alias="4 seconds">4.0 s</sub>');
    expect(writeSsml({ ...order, message: "Wait 3s now." })).toContain('alias="3 seconds"');
    expect(writeSsml({ ...order, language: "de-DE", message: "Warte 3 s." })).toContain(
      "3 Sekunden",
    );
    expect(writeSsml({ ...order, message: "The 1980s and 4.05 are left." })).not.toContain("<sub");
  });

  it("speaks at the coach's pace", () => {
    const calm = writeSsml({ ...order, drill: "Rest.", style: "calm" });
    const quick = writeSsml({ ...order, drill: "Rest.", style: "energetic" });

    expect(calm).toContain('time="700ms"');
    expect(quick).toContain('time="250ms"');
  });

  it("says markup and instructions as text", () => {
    const message = 'Say <audio src="http://x"/> & "stop" ]]> \u0000\u0007';

    const ssml = writeSsml({ ...order, message });

    expect(ssml).toContain("&lt;audio src=&quot;http://x&quot;/&gt; &amp;");
    expect(() => ssmlForEspeak(ssml)).not.toThrow();
  });

  it("is the same every time", () => {
    expect(writeSsml(order)).toBe(writeSsml(order));
  });
});
