import {registry} from "@web/core/registry";

const row = ".o_field_widget[name=workorder_ids] .o_data_row";

registry.category("web_tour.tours").add("backflush_finish_part", {
  steps: () => [
    {
      trigger: ".o_field_widget[name=qty_producing] input",
      run: "edit 8 && click body",
    },
    {
      trigger: ".nav-link[name=operations]",
      run: "click",
    },
    {
      trigger: `${row} button[name=button_start]`,
      run: "click",
    },
    {
      trigger: `${row} button[name=button_finish]`,
      run: "click",
    },
    {
      content: "Not all is done: what becomes of the rest?",
      trigger: ".modal:contains(8 of 20 Units are done at Cut)",
    },
    {
      trigger: ".modal button[name=action_keep_open]",
      run: "click",
    },
    {
      content: "What left is a click away",
      trigger: ".o_backflush_posted:contains(8 Units of Chair) a",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      content: "The work order is open, for the rest",
      trigger: `${row} td[name=qty_remaining]:contains(/^12.00$/)`,
    },
    {
      trigger: `${row} button[name=button_start]`,
      run: "click",
    },
    {
      trigger: `${row} button[name=button_finish]`,
      run: "click",
    },
    {
      trigger: ".modal button[name=action_finish]",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      trigger: `${row} td[name=state]:contains(Finished)`,
    },
  ],
});
