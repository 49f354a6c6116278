/** The people of the tests, where those of the product find them. */
export * from "../../../packages/proving-ground/src/support/create-user.ts";
