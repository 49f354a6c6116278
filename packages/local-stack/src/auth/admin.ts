import { Hono } from "hono";
import pg from "pg";
import { z } from "zod";
import type { Caller } from "../caller.ts";
import type { Sql } from "../sql/sql.ts";
import {
  createUser,
  deleteUser,
  findUser,
  listUsers,
  type UserChange,
  updateUser,
} from "./users.ts";

const metadata = z.record(z.string(), z.unknown());

/** Body of creating and updating; unknown fields are ignored, as by the Auth server. */
const userBody = z.object({
  id: z.uuid().optional(),
  email: z.email().optional(),
  phone: z.string().optional(),
  password: z.string().min(6).max(72).optional(),
  email_confirm: z.boolean().optional(),
  role: z.string().optional(),
  app_metadata: metadata.optional(),
  user_metadata: metadata.optional(),
  ban_duration: z
    .string()
    .regex(/^(none|(\d+(\.\d+)?(h|m|s))+)$/)
    .optional(),
});

const page = z.object({
  page: z.coerce.number().int().min(1).catch(1),
  per_page: z.coerce.number().int().min(1).max(1000).catch(50),
});

/** A refusal in the Auth server's form. */
class AuthRefusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 422;
  readonly errorCode: string;

  constructor(status: AuthRefusal["status"], errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/**
 * `/auth/v1/admin/users`, which `@supabase/lite` lacks: create, list, get, update and delete users,
 * for the secret key only.
 */
export function createAdminApi(sql: Sql): (request: Request, caller: Caller) => Promise<Response> {
  const users = new Hono()
    .basePath("/auth/v1/admin/users")
    .get("/", async (context) => {
      const wanted = page.parse(context.req.query());
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
      const id = await createUser(sql, { id: body.id, ...changeOf(body) });
      return context.json(await view(sql, id));
    })
    .get("/:id", async (context) => context.json(await view(sql, context.req.param("id"))))
    .put("/:id", async (context) => {
      const { id } = await view(sql, context.req.param("id"));
      await updateUser(sql, id, changeOf(await read(context.req.raw)));
      return context.json(await view(sql, id));
    })
    .delete("/:id", async (context) => {
      const { id } = await view(sql, context.req.param("id"));
      await deleteUser(sql, id);
      return context.json({});
    })
    .notFound((context) =>
      context.json(refusal(404, "not_found", "There is no such admin call."), 404),
    )
    .onError((error, context) => {
      const { status, errorCode, message } = refusalOf(error);
      context.header("x-sb-error-code", errorCode);
      return context.json(refusal(status, errorCode, message), status);
    });

  return async (request, caller) => {
    if (caller.role !== "service_role") {
      const status = caller.role === "anon" ? 401 : 403;
      return Response.json(refusal(status, "not_admin", "User not allowed"), { status });
    }
    return await users.fetch(request);
  };
}

async function view(sql: Sql, id: string) {
  const user = z.uuid().safeParse(id).success ? await findUser(sql, id) : null;
  if (user === null) throw new AuthRefusal(404, "user_not_found", "User not found");
  return user;
}

async function read(request: Request): Promise<z.infer<typeof userBody>> {
  const body: unknown = await request.json().catch(() => {
    throw new AuthRefusal(400, "bad_json", "Could not parse request body as JSON");
  });
  const parsed = userBody.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.path[0] === "password") {
    throw new AuthRefusal(422, "weak_password", "Password should be at least 6 characters.");
  }
  throw new AuthRefusal(400, "validation_failed", `${issue?.path.join(".")}: ${issue?.message}`);
}

function changeOf(body: z.infer<typeof userBody>): UserChange {
  return {
    email: body.email,
    phone: body.phone,
    password: body.password,
    emailConfirmed: body.email_confirm,
    role: body.role,
    appMetadata: body.app_metadata,
    userMetadata: body.user_metadata,
    bannedUntil: body.ban_duration === undefined ? undefined : banEnd(body.ban_duration),
  };
}

function banEnd(duration: string): Date | null {
  if (duration === "none") return null;
  const secondsPer: Record<string, number> = { h: 3600, m: 60, s: 1 };
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  const seconds = parts.reduce(
    (sum, [, n, unit]) => sum + Number(n) * (secondsPer[unit ?? ""] ?? 0),
    0,
  );
  return new Date(Date.now() + seconds * 1000);
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

function refusal(code: number, error_code: string, msg: string) {
  return { code, error_code, msg };
}

/** The next and last page as a `link` header, in the form that supabase-js takes apart. */
function links(current: number, last: number): string {
  const link = (number: number, rel: string) => `</admin/users?page=${number}>; rel="${rel}"`;
  const next = current < last ? [link(current + 1, "next")] : [];
  return [...next, link(Math.max(last, 1), "last")].join(", ");
}
