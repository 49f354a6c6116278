import { type Schema, SchemaType } from "@google/generative-ai";
import { z } from "zod";

/** The part of JSON Schema that our reply schemas use. */
interface Node {
  type: "object" | "array" | "string" | "number" | "integer" | "boolean";
  nullable?: boolean | undefined;
  enum?: string[] | undefined;
  properties?: Record<string, Node> | undefined;
  required?: string[] | undefined;
  items?: Node | undefined;
}

const nodeSchema: z.ZodType<Node> = z.object({
  type: z.enum(["object", "array", "string", "number", "integer", "boolean"]),
  nullable: z.boolean().optional(),
  enum: z.array(z.string()).optional(),
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  required: z.array(z.string()).optional(),
  get items() {
    return nodeSchema.optional();
  },
});

/**
 * The `responseSchema` for a zod schema. Lengths, counts and ranges are left out: Gemini answers a
 * bare 400 when they add up to too much, and the reply is checked against the zod schema anyway.
 * Throws at start-up when the schema uses what Gemini has no word for.
 */
export function toGeminiSchema(schema: z.ZodType): Schema {
  return convert(nodeSchema.parse(z.toJSONSchema(schema, { target: "openapi-3.0", io: "input" })));
}

function convert(node: Node): Schema {
  const nullable = node.nullable ? { nullable: true } : {};
  switch (node.type) {
    case "object": {
      const properties = Object.entries(node.properties ?? {});
      return {
        type: SchemaType.OBJECT,
        properties: Object.fromEntries(properties.map(([key, child]) => [key, convert(child)])),
        // An optional property would simply be left out; asked for, it comes as null.
        required: properties.map(([key]) => key),
        ...nullable,
      };
    }
    case "array":
      if (!node.items) throw new Error("An array of a reply schema does not say of what.");
      return { type: SchemaType.ARRAY, items: convert(node.items), ...nullable };
    case "string":
      return node.enum
        ? { type: SchemaType.STRING, format: "enum", enum: node.enum, ...nullable }
        : { type: SchemaType.STRING, ...nullable };
    case "number":
      return { type: SchemaType.NUMBER, ...nullable };
    case "integer":
      return { type: SchemaType.INTEGER, ...nullable };
    case "boolean":
      return { type: SchemaType.BOOLEAN, ...nullable };
  }
}
