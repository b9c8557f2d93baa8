import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("backflush_bom_check", {
  steps: () => [
    {
      content: "Nobody has checked the bill of materials yet",
      trigger: ".o_form_view:not(:has(button[name=action_view_backflush_findings]))",
    },
    {
      content: "Check it",
      trigger: "button[name=action_backflush_check]",
      run: "click",
    },
    {
      content: "The board has no quantity",
      trigger: ".o_data_row:contains(Board) td[name=severity]:contains(Error)",
    },
    {
      trigger: ".o_data_row td[name=message]:contains(Board has the quantity 0)",
      run: "click",
    },
    {
      content: "What to do about it",
      trigger: ".o_form_view [name=advice]:contains(Enter the quantity)",
    },
    {
      trigger: "button[name=action_open]",
      run: "click",
    },
    {
      content: "The bill of materials counts its findings",
      trigger: "button[name=action_view_backflush_findings]:contains(1)",
      run: "click",
    },
    {
      content: "It is meant",
      trigger: ".o_data_row button[name=action_ignore]",
      run: "click",
    },
    {
      trigger: ".o_list_view:not(:has(.o_data_row))",
    },
    {
      trigger: ".o_back_button, .breadcrumb-item:last a",
      run: "click",
    },
    {
      content: "Check it again: what is ignored is not told",
      trigger: "button[name=action_backflush_check]",
      run: "click",
    },
    {
      trigger: ".o_notification:contains(All is well)",
    },
    {
      trigger: ".o_form_view:not(:has(button[name=action_view_backflush_findings]))",
    },
  ],
});
