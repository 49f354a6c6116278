import { Hono } from "hono";
import pg from "pg";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import { AuthRefusal, authError } from "./refusal.ts";
import { findUser, listUsers } from "./user-view.ts";
import { createUser, deleteUser, updateUser } from "./users.ts";

const metadata = z.record(z.string(), z.unknown());
const bcrypt = /^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/;

/** Body of creating and updating; unknown fields are ignored, as by the Auth server. */
const userBody = z.object({
  id: z.uuid().optional(),
  email: z.email("Unable to validate email address: invalid format").optional(),
  phone: z.string().optional(),
  password: z.string().max(72, "Password cannot be longer than 72 characters").optional(),
  password_hash: z.string().regex(bcrypt, "Only hashes of bcrypt are taken here").optional(),
  email_confirm: z.boolean().optional(),
  role: z.string().optional(),
  app_metadata: metadata.optional(),
  user_metadata: metadata.optional(),
  ban_duration: z
    .string()
    .regex(/^(none|(\d+(\.\d+)?(h|m|s))+)$/, "invalid format for ban duration")
    .optional(),
});

/** Digits, or nothing; as on hosted, page 0 is the first one. */
const count = z.string().regex(/^\d*$/).default("");
const page = z.object({
  page: count.transform((text) => Number(text) || 1),
  per_page: count.transform((text) => Math.min(Number(text) || 50, 1000)),
});

/**
 * `/auth/v1/admin/users`, which `@supabase/lite` lacks: create, list, get, update and delete users,
 * for the secret key only.
 */
export function createAdminApi(
  sql: Sql,
  leastPassword: number,
): (request: Request, caller: Caller) => Promise<Response> {
  const read = (request: Request) => readBody(request, leastPassword);
  const users = new Hono()
    .basePath("/auth/v1/admin/users")
    .get("/", async (context) => {
      const { data: wanted } = page.safeParse(context.req.query());
      if (wanted === undefined) {
        throw new AuthRefusal(400, "validation_failed", "Bad Pagination Parameters");
      }
      const found = await listUsers(sql, wanted.page, wanted.per_page);
      context.header("x-total-count", String(found.total));
      context.header("link", links(wanted.page, Math.ceil(found.total / wanted.per_page)));
      return context.json({ users: found.users, aud: "authenticated" });
    })
    .post("/", async (context) => {
      const body = await read(context.req.raw);
      if (body.email === undefined && body.phone === undefined) {
        throw new AuthRefusal(
          400,
          "validation_failed",
          "Cannot create a user without either an email or phone",
        );
      }
      const id = await createUser(sql, body);
      return context.json(await view(sql, id));
    })
    .get("/:id", async (context) => context.json(await view(sql, context.req.param("id"))))
    .put("/:id", async (context) => {
      const { id } = await view(sql, context.req.param("id"));
      await updateUser(sql, id, await read(context.req.raw));
      return context.json(await view(sql, id));
    })
    .delete("/:id", async (context) => {
      const { id } = await view(sql, context.req.param("id"));
      await deleteUser(sql, id);
      return context.json({});
    })
    .notFound((context) => authError(404, "not_found", `There is no ${context.req.path}`))
    .onError((error) => refusalOf(error).toResponse());

  return async (request, caller) => {
    requireAdmin(caller);
    return await users.fetch(request);
  };
}

/** @throws AuthRefusal unless the caller has the secret key's rights */
export function requireAdmin(caller: Caller): void {
  if (caller.role === "service_role") return;
  const status = caller.role === "anon" ? 401 : 403;
  throw new AuthRefusal(status, "not_admin", "User not allowed");
}

async function view(sql: Sql, id: string) {
  if (!z.guid().safeParse(id).success) {
    throw new AuthRefusal(404, "validation_failed", "user_id must be an UUID");
  }
  const user = await findUser(sql, id);
  if (user === null) throw new AuthRefusal(404, "user_not_found", "User not found");
  return user;
}

async function readBody(request: Request, leastPassword: number) {
  const body: unknown = await request.json().catch(() => {
    throw new AuthRefusal(400, "bad_json", "Could not parse request body as JSON");
  });
  const { data, error } = userBody.safeParse(body);
  if (error) throw new AuthRefusal(400, "validation_failed", error.issues[0]?.message ?? "");
  if (data.password !== undefined && data.password.length < leastPassword) {
    throw weakPassword(leastPassword);
  }
  if (data.password !== undefined && data.password_hash !== undefined) {
    const message = "Only a password or a password hash should be provided";
    throw new AuthRefusal(400, "validation_failed", message);
  }
  return { ...data, banned_until: banEnd(data.ban_duration) };
}

function weakPassword(least: number): AuthRefusal {
  const message = `Password should be at least ${least} characters.`;
  return new AuthRefusal(422, "weak_password", message, {
    weak_password: { reasons: ["length"] },
  });
}

function banEnd(duration: string | undefined): Date | null | undefined {
  if (duration === undefined) return undefined;
  if (duration === "none") return null;
  const secondsPer: Record<string, number> = { h: 3600, m: 60, s: 1 };
  let end = Date.now();
  for (const [, number, unit = ""] of duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)) {
    end += Number(number) * (secondsPer[unit] ?? 0) * 1000;
  }
  return new Date(end);
}

function refusalOf(error: Error): AuthRefusal {
  if (error instanceof AuthRefusal) return error;
  if (error instanceof pg.DatabaseError && error.code === "23505") {
    return new AuthRefusal(
      422,
      "email_exists",
      "A user with this email address has already been registered",
    );
  }
  throw error;
}

/** The next and last page as a `link` header, in the form that supabase-js takes apart. */
function links(current: number, last: number): string {
  const link = (number: number, rel: string) => `</admin/users?page=${number}>; rel="${rel}"`;
  const next = current < last ? [link(current + 1, "next")] : [];
  return [...next, link(Math.max(last, 1), "last")].join(", ");
}
