import {registry} from "@web/core/registry";

const openDebts = [
  {
    content: "The order says that it owes something",
    trigger: "button[name=action_view_backflush_debts]",
    run: "click",
  },
];

registry.category("web_tour.tours").add("backflush_defer", {
  steps: () => [
    {
      content: "Nothing is owed yet",
      trigger: ".o_form_view:not(:has(button[name=action_view_backflush_debts]))",
    },
    {
      trigger: "button[name=button_mark_done]:contains(Produce All)",
      run: "click",
    },
    {
      content: "The chairs are made, though their boards are not booked yet",
      trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)",
    },
    ...openDebts,
    {
      trigger:
        ".o_data_row:has(td[name=product_id]:contains(Board)) td[name=product_qty]:contains(/^12.00$/)",
    },
    {
      content: "What can be done is said as well",
      trigger: ".o_data_row td[name=suggestion]:contains(Not in stock)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_defer_receipt", {
  steps: () => [
    {
      content: "Somebody books the receipt, and knows of no debt",
      trigger: "button[name=button_validate]",
      run: "click",
    },
    {
      trigger: ".o_statusbar_status button.o_arrow_button_current:contains(Done)",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_take_from", {
  steps: () => [
    ...openDebts,
    {
      content: "The boards lie in the yard",
      trigger: ".o_data_row td[name=suggestion]:contains(Yard)",
    },
    {
      trigger: ".o_data_row button[name=action_backflush_take_from]",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=location_id] input",
      run: "edit Yard",
    },
    {
      trigger: ".o-autocomplete--dropdown-item:contains(Yard)",
      run: "click",
    },
    {
      trigger: ".modal button[name=action_decide]:contains(Settle)",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
    {
      content: "It is settled",
      trigger: ".o_list_view:not(:has(button[name=action_backflush_take_from]))",
    },
  ],
});
