#!/usr/bin/env node
// Report production to Odoo over JSON-2, with Node 18 or newer and no packages.
//
//     export ODOO_URL=https://odoo.example.com ODOO_DATABASE=production ODOO_KEY=…
//     node report_production.mjs WH/MO/00042 30 MES-1001
//
// reports 30 on the order WH/MO/00042. MES-1001 is the reference: what you call this
// report. However often the same line is run, it is posted once.

import { setTimeout as sleep } from "node:timers/promises";

const TIMEOUT = 150; // seconds: longer than Odoo lets a request work
const PAUSES = [1, 2, 5, 10, 30]; // seconds between tries
const NOBODY = "odoo.exceptions.AccessDenied";

/** Odoo says no: the same call would be refused again. */
class Refused extends Error {}

async function call(method, body) {
    const { ODOO_URL, ODOO_DATABASE, ODOO_KEY } = process.env;
    const response = await fetch(`${ODOO_URL}/json/2/mrp.production/${method}`, {
        method: "POST",
        headers: {
            Authorization: `bearer ${ODOO_KEY}`,
            "X-Odoo-Database": ODOO_DATABASE,
            "Content-Type": "application/json; charset=utf-8",
        },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT * 1000),
    });
    if (response.ok) {
        return await response.json();
    }
    // Only Odoo's own error is a refusal. While its database restarts, Odoo answers
    // 404 with a page of HTML, or that it could not tell who calls; and whatever stands
    // before Odoo has pages of its own.
    const answer = await response.json().catch(() => null);
    if (response.status < 500 && answer?.message && answer.name !== NOBODY) {
        throw new Refused(answer.message);
    }
    throw new Error(`${response.status} ${response.statusText}`);
}

/** Post reports, each with its reference; repeat the call until it is answered. */
async function report(reports) {
    for (const pause of [...PAUSES, null]) {
        try {
            return await call("backflush_post_batch", { reports });
        } catch (error) {
            if (error instanceof Refused || pause === null) {
                throw error;
            }
            // Nobody knows whether it was done: the reference keeps it from being
            // posted twice.
            console.error(`${error.message}: again in ${pause} s`);
            await sleep(pause * 1000);
        }
    }
}

const [production, quantity, reference] = process.argv.slice(2);
try {
    const [result] = await report([
        { production, quantity: Number(quantity), reference },
    ]);
    if (result.ok) {
        const remaining = result.production.qty_remaining;
        const again = result.replayed ? ", reported before" : "";
        console.log(`${result.name}: ${remaining} remain on ${production}${again}`);
    } else {
        // {type: "shortage", message: …}: a person has to look at it
        console.error(`${result.error.type}: ${result.error.message}`);
        process.exitCode = 1;
    }
} catch (error) {
    const isRefused = error instanceof Refused;
    console.error(`${isRefused ? "refused" : "unanswered"}: ${error.message}`);
    process.exitCode = 1;
}
