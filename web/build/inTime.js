/** A lint rule: what decides where the next key goes is settled together with what is shown. An effect
 *  that runs after the paint, or a frame later, comes after the key of whoever types fast. */

const MOVES = new Set(["focus", "select", "setSelectionRange", "showModal"]);
const LATE = "CallExpression[callee.name=/^(useEffect|requestAnimationFrame)$/]";
const STARTS_KEYS = /^start(Keys|\w+Keys|Arrows)$/;

/** @type {import("eslint").Rule.RuleModule} */
const rule = {
  meta: {
    type: "problem",
    schema: [],
    messages: {
      moves: "Move focus and caret in useLayoutEffect, or at once after flushSync.",
      tells: "Tell a store what is shown by useTelling (api/store).",
      listens: "Begin to listen to keys in useLayoutEffect.",
    },
  },
  create: (context) => ({
    /** @param {import("estree").Identifier} node */
    [`${LATE} CallExpression > MemberExpression.callee > Identifier.property`](node) {
      if (MOVES.has(node.name)) context.report({ node, messageId: "moves" });
      else if (node.name === "set") context.report({ node, messageId: "tells" });
    },
    /** @param {import("estree").Identifier} node */
    [`${LATE} Identifier`](node) {
      if (STARTS_KEYS.test(node.name)) context.report({ node, messageId: "listens" });
    },
  }),
};

/** @type {import("eslint").Linter.Config} */
export const inTime = {
  files: ["src/**"],
  plugins: { house: { rules: { "in-time": rule } } },
  rules: { "house/in-time": "error" },
};
