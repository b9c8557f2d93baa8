import {registry} from "@web/core/registry";

const card = (product) =>
  `.modal .o_field_widget[name=line_ids] .o_kanban_record:contains(${product})`;

registry.category("web_tour.tours").add("backflush_correct_on_phone", {
  steps: () => [
    {
      content: "The buttons of the order fold up on a phone",
      trigger: ".o_statusbar_buttons button.o-dropdown",
      run: "click",
    },
    {
      trigger: "button[name=action_backflush_correct]:contains(Correct a Report)",
      run: "click",
    },
    {
      content: "What stays can be read without scrolling aside",
      trigger: `${card("Board")}:contains(/Stays\\s*200.00/)`,
    },
    {
      trigger: ".modal .o_field_widget[name=quantity] input",
      run: "edit 10 && press Tab",
    },
    {
      trigger: `${card("Board")}:contains(/Stays\\s*20.00/)`,
    },
    {
      trigger: `${card("Board")}:contains(/Reversed\\s*180.00/)`,
      run({anchor}) {
        const {left, right} = anchor.getBoundingClientRect();
        if (left < 0 || right > window.innerWidth) {
          throw new Error(`The card is cut off: ${left} to ${right}`);
        }
      },
    },
    {
      trigger: ".modal button[name=action_correct]",
      run: "click",
    },
    {
      trigger: ".o_notification:contains(counts 10.00 Units now)",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
  ],
});

registry.category("web_tour.tours").add("backflush_cancel_several", {
  steps: () => [
    {
      trigger: ".o_data_row:contains(TOUR/1) .o_list_record_selector input",
      run: "click",
    },
    {
      trigger: ".o_data_row:contains(TOUR/2) .o_list_record_selector input",
      run: "click",
    },
    {
      trigger: ".o_control_panel button[name=action_cancel]",
      run: "click",
    },
    {
      content: "Odoo asks whether it is meant",
      trigger: ".modal:contains(Are you sure) .modal-footer .btn-primary",
      run: "click",
    },
    {
      content: "The postings are named whose components would be lost",
      trigger:
        ".modal .o_field_widget[name=summary]:contains(/BF.*TOUR.1.*60.00 Units of Chair/)",
    },
    {
      content: "Components stay consumed only with a reason",
      trigger: ".modal .o_field_widget[name=outcome] label:contains(stay consumed)",
      run: "click",
    },
    {
      trigger: ".modal .o_field_widget[name=reason] input",
      run: "edit Boards were cut && press Tab",
    },
    {
      trigger: ".modal button[name=action_cancel_orders]:visible",
      run: "click",
    },
    {
      trigger: "body:not(:has(.modal))",
    },
  ],
});
