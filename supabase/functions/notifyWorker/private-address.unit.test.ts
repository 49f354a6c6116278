import { expect, test } from "vitest";
import { requirePublic } from "./private-address.ts";

const names: Record<string, string[]> = {
  "hooks.example.com": ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"],
  "inside.example.com": ["10.0.0.7"],
  "both.example.com": ["93.184.215.14", "127.0.0.1"],
};
const resolve = async (host: string) => {
  const found = names[host];
  if (found === undefined) throw new Error("no such name");
  return found;
};

test.each([
  "https://hooks.example.com/a?b=c",
  "https://93.184.215.14/hook",
  "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/",
])("%s is out there", async (address) => {
  const url = await requirePublic(address, { resolve, allowsPrivate: false });

  expect(url.href).toBe(address);
});

test.each([
  "http://hooks.example.com/",
  "ftp://hooks.example.com/",
  "https://user:word@hooks.example.com/",
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://0.0.0.0/",
  "https://169.254.169.254/latest/meta-data",
  "https://192.168.1.1/",
  "https://100.64.0.1/",
  "https://[::1]/",
  "https://[::127.0.0.1]/",
  "https://[4000::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://[fd00::1]/",
  "https://[fe80::1]/",
  "https://[64:ff9b::a00:1]/",
  "https://inside.example.com/",
  "https://both.example.com/",
  "nonsense",
])("%s is refused", async (address) => {
  await expect(requirePublic(address, { resolve, allowsPrivate: false })).rejects.toMatchObject({
    code: "address_not_allowed",
    fate: "fail",
  });
});

test("a name that nobody knows is looked up again", async () => {
  const asked = requirePublic("https://nobody.example.com/", { resolve, allowsPrivate: false });

  await expect(asked).rejects.toMatchObject({ code: "message_unanswered", fate: "retry" });
});

test("a stack on this machine reaches what is on it", async () => {
  const url = await requirePublic("http://127.0.0.1:9/x", { resolve, allowsPrivate: true });

  expect(url.port).toBe("9");
});
