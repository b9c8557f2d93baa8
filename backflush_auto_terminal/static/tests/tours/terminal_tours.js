import {registry} from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const CARD = ".o_bft_card[data-order='TOUR/1']";
const POST = ".o_bft_entry button[name=post]";

function add(name, steps) {
  tours.add(`backflush_terminal_${name}`, {steps});
}

function click(trigger, content = trigger) {
  return {content, trigger, run: "click"};
}

function see(trigger, content = trigger) {
  return {content, trigger};
}

/** Press keys of the screen. */
function press(text) {
  return [...text].map((key) => click(`.o_bft_key[data-key='${key}']`));
}

/** Type as a keyboard-wedge scanner does. */
function scan(text) {
  return {
    content: `Scan ${text}`,
    trigger: ".o_backflush_terminal .o_bft_main",
    run() {
      const target = document.activeElement || document.body;
      for (const key of [...text, "Enter"]) {
        const options = {key, bubbles: true, cancelable: true};
        target.dispatchEvent(new KeyboardEvent("keydown", options));
      }
    },
  };
}

/** The page is as wide as its screen. */
function fits() {
  return {
    content: "Nothing is cut off at the side",
    trigger: ".o_backflush_terminal",
    run() {
      const page = document.querySelector(".o_backflush_terminal");
      if (getComputedStyle(page).display !== "flex") {
        console.error("The page has no style");
      }
      if (page.scrollWidth > page.clientWidth) {
        console.error(`The page is ${page.scrollWidth} wide, not ${page.clientWidth}`);
      }
      for (const element of page.querySelectorAll("button, input, h1, b, span")) {
        const {left, right} = element.getBoundingClientRect();
        const isHidden = element.closest(".visually-hidden");
        if (!isHidden && (left < -1 || right > window.innerWidth + 1)) {
          console.error(`Beyond the edge: ${element.outerHTML}`);
        }
      }
    },
  };
}

function network(state, content) {
  return {
    content,
    trigger: ".o_backflush_terminal",
    run: () => console.info(`network: ${state}`),
  };
}

add("report", () => [
  fits(),
  click(CARD),
  fits(),
  ...press("30"),
  click("input[name=scrap]"),
  ...press("2"),
  see(".o_bft_leaves:contains(64 Units Board)", "The preview counts what failed, too"),
  click(POST, "A reason is needed"),
  see(".o_bft_danger:contains(Choose why)"),
  click(".o_bft_chip:contains(Tour dent)"),
  {
    content: "Twice at once is one report",
    trigger: POST,
    run() {
      const button = document.querySelector(POST);
      button.click();
      button.click();
    },
  },
  see(
    ".o_bft_success:contains(30 Units of Chair posted on TOUR/1, 2 scrapped)",
    "What has happened is said in words"
  ),
  see(".o_bft_success:contains(64 Units Board)"),
  click(".o_bft_reports li:contains(TOUR/1) button[name=correct]"),
  {trigger: ".modal input[name=quantity]", run: "edit 40"},
  click(".modal button[name=confirm]"),
  see(".modal .o_bft_danger", "More is no correction, and the dialog says so"),
  {trigger: ".modal input[name=quantity]", run: "edit 10"},
  {trigger: ".modal input[name=reason]", run: "edit Counted again"},
  click(".modal button[name=confirm]"),
  see(".o_bft_success:contains(counts 10 Units of Chair now)"),
  see(".o_bft_reports li:contains(Corrected):contains(10)"),
  fits(),
]);

add("rest", () => [
  click(CARD),
  ...press("30"),
  see(".o_bft_rest:contains(70 remain):has([data-rest=keep].o_bft_chosen)"),
  click("button[name=damage]"),
  click(".modal button[name=confirm]"),
  see(".modal .o_bft_danger:contains(Choose the component)"),
  {trigger: ".modal select[name=component]", run: "selectByLabel Bolt"},
  {trigger: ".modal input[name=quantity]", run: "edit 5"},
  {trigger: ".modal select[name=reason]", run: "selectByLabel Tour dent"},
  click(".modal button[name=confirm]"),
  see(".o_bft_damage .o_bft_chip:contains(5 Units Bolt · Tour dent)"),
  see(".o_bft_leaves:contains(Damaged: 5 Units Bolt)"),
  fits(),
  click(".o_bft_rest [data-rest=backorder]"),
  click(POST),
  see(
    ".o_bft_success:contains(30 Units of Chair posted on TOUR/1-001. Damaged: 5 Units)"
  ),
  see(".o_bft_success:contains(The order is done. The rest is order)"),
  see(".o_bft_reports li:contains(damaged: 5 Units Bolt)"),
  fits(),
]);

add("keyboard", () => [
  {
    content: "Each card can be reached and opened by keys",
    trigger: CARD,
    run() {
      document.querySelector(CARD).focus();
    },
  },
  {trigger: `${CARD}:focus`, run: "press Enter"},
  see(".o_bft_entry input[name=good]:focus"),
  {trigger: "input[name=good]", run: "edit -5"},
  {trigger: "input[name=good]", run: "press Enter"},
  see(".o_bft_danger:contains(no quantity)", "Only numbers are quantities"),
  {trigger: "input[name=good]", run: "press Escape"},
  click(CARD, "Escape goes back to the orders"),
  {trigger: "input[name=good]", run: "edit 12"},
  see(".o_bft_leaves:contains(24 Units Board)"),
  {trigger: "input[name=good]", run: "press Enter"},
  see(".o_bft_success:contains(12 Units of Chair posted)"),
]);

add("shortage", () => [
  click(".o_bft_card:contains(TOUR/<b>)"),
  ...press("50"),
  see(".o_bft_preview .o_bft_short:contains(86 Units Board (14 free in)"),
  click(POST),
  see("[role=alert]:contains(Board)"),
  fits(),
  click("button[name=covered]:contains(7)", "What stock covers is offered"),
  see(".o_bft_success:contains(7 Units of Chair posted)"),
]);

add("workorder", () => [
  see(".o_bft_station:contains(Saw)"),
  click(`${CARD}:contains(Cut)`),
  see(".o_bft_place .o_bft_chosen:contains(Cut only)"),
  click(".o_bft_workorders li:contains(Cut) button[name=start]"),
  see(".o_bft_workorders li:contains(Cut) button[name=pause]"),
  ...press("4"),
  see(".o_bft_leaves:contains(4 Units Top)"),
  click(POST),
  see(".o_bft_success:contains(4 Units of Table posted)"),
  click(`${CARD} .o_bft_figure:contains(6)`),
  click(".o_bft_workorders li:contains(Cut) button[name=finish]"),
  see(".modal:contains(6 Units are reported here)"),
  click(".modal .btn-primary:contains(Report and finish)"),
  see(".o_bft_success:contains(6 Units of Table posted)"),
  see(".o_bft_empty:contains(Nothing is to be reported)"),
]);

add("scan", () => [
  fits(),
  scan("TOUR/1"),
  see(".o_bft_entry h1:contains(Chair)", "A scan of its name opens an order"),
  fits(),
  scan("LOT-A"),
  see(".o_bft_sign_right:contains(LOT-A)"),
  scan("LOT-A"),
  see(".o_bft_sign_duplicate:contains(LOT-A)"),
  scan("CHAIR-1"),
  see(".o_bft_sign_right:contains(CHAIR-1)"),
  scan("CHAIR-2"),
  see(".o_bft_sign_right:contains(CHAIR-2)"),
  see("input[name=good]:value(2)"),
  see(".o_bft_leaves:contains(4 Units Board)"),
  {trigger: "input[name=lot]", run: "edit LOT-B"},
  {trigger: "input[name=lot]", run: "press Enter"},
  see(".o_bft_sign_right:contains(LOT-B)"),
  see(".o_bft_leaves:contains(4 Units Board)"),
  fits(),
  click(POST),
  see(".o_bft_success:contains(2 Units of Chair posted)"),
]);

add("offline", () => [
  click(CARD),
  ...press("30"),
  see(".o_bft_leaves:contains(60 Units Board)"),
  network("off", "The network is cut"),
  see(".o_bft_connection.o_bft_trouble:contains(Offline)"),
  click(POST),
  see(".o_bft_live .o_bft_warning:contains(No answer)"),
  see(".o_bft_outbox .o_bft_waiting:contains(sent: 1)", "The report waits, visibly"),
  see(".o_bft_connection.o_bft_trouble .o_bft_count:contains(1)"),
  network("on", "The network is back"),
  see(".o_bft_success:contains(30 Units of Chair posted)", "It went out by itself"),
  see(".o_backflush_terminal:not(:has(.o_bft_outbox)):not(:has(.o_bft_connection))"),
]);

add("lost_answer", () => [
  click(CARD),
  ...press("30"),
  see(".o_bft_leaves:contains(60 Units Board)"),
  click(POST),
  see(".o_bft_live .o_bft_warning:contains(No answer)"),
  see(".o_bft_outbox .o_bft_waiting:contains(sent: 1)"),
  click(".o_bft_outbox button[name=send]"),
  see(".o_bft_success:contains(30 Units of Chair posted)"),
  see(`${CARD} .o_bft_figure:contains(70)`),
]);

add("reload", () => [
  click(CARD),
  ...press("30"),
  see(".o_bft_leaves:contains(60 Units Board)"),
  click(POST),
  see(".o_bft_live .o_bft_warning:contains(No answer)"),
  {
    trigger: ".o_bft_outbox .o_bft_waiting:contains(sent: 1)",
    run: () => window.location.reload(),
    expectUnloadPage: true,
  },
  see(".o_bft_success:contains(30 Units of Chair posted)"),
  see(`${CARD} .o_bft_figure:contains(70)`),
]);

add("mend", () => [
  click(CARD),
  ...press("600"),
  see(".o_bft_leaves"),
  network("off", "The network is cut"),
  see(".o_bft_connection.o_bft_trouble"),
  click(POST),
  see(".o_bft_live .o_bft_warning:contains(No answer)"),
  see(".o_bft_outbox .o_bft_waiting:contains(sent: 1)"),
  network("on", "The network is back"),
  see(".o_bft_outbox .o_bft_danger:contains(Refused):contains(600)"),
  click(".o_bft_outbox button[name=mend]"),
  {trigger: "input[name=good]:value(600)", run: "edit 5"},
  see(".o_bft_leaves:contains(10 Units Board)"),
  click(POST),
  see(".o_bft_success:contains(5 Units of Chair posted)"),
  see(".o_backflush_terminal:not(:has(.o_bft_outbox))"),
]);

add("other_user", () => [
  click(CARD),
  ...press("30"),
  see(".o_bft_leaves:contains(60 Units Board)"),
  click(POST),
  see(".o_bft_live .o_bft_warning:contains(You are logged out)"),
  see(".o_bft_connection.o_bft_trouble:contains(Logged out)"),
  click(".o_bft_outbox button[name=send]"),
  see(".o_bft_success:contains(30 Units of Chair posted)"),
]);

add("german", () => [
  click(CARD),
  {trigger: "input[name=good]", run: "edit 1."},
  see(".o_bft_missing:contains(keine Menge)", "A dot is no decimal comma"),
  click(".o_bft_key[data-key=clear]"),
  ...press("1"),
  click(".o_bft_key[data-key=point]:contains(,)"),
  ...press("5"),
  see(".o_bft_leaves:contains(Verlässt den Bestand: 3 Units Board)"),
  click(POST),
  see(".o_bft_success:contains(1,5 Units Chair auf TOUR/1 gebucht)"),
  see(`${CARD} .o_bft_figure:contains(98,5)`),
  fits(),
]);

add("keys", () => [
  click(CARD),
  ...press("30"),
  see(".o_bft_leaves:contains(60)"),
  {
    content: "No key is under the button that posts",
    trigger: POST,
    run() {
      const {top, bottom} = document.querySelector(POST).getBoundingClientRect();
      if (bottom > window.innerHeight) {
        console.error("The button is below the screen");
      }
      for (const key of document.querySelectorAll(".o_bft_key")) {
        if (key.getBoundingClientRect().bottom > top) {
          console.error(`Under the button: ${key.outerHTML}`);
        }
      }
    },
  },
  fits(),
]);

add("closed", () => [
  click(CARD),
  ...press("30"),
  see(".o_bft_leaves:contains(60 Units Board)"),
  click(POST),
  see("[role=alert]:contains(cannot be reported on):contains(Go back)"),
  click("button[name=back]"),
  see(`.o_bft_orders:not(:has(${CARD}))`),
]);
