! SPDX-License-Identifier: BSD-3-Clause
! A parity of 2 of 12 inputs: mean-field theory, a sampled posterior, the kernel limit, and an activation in Fortran.
module activations
    use, intrinsic :: iso_c_binding
    implicit none
contains
    function square(count, z, value, derivative, user_data) bind(c) result(status)
        integer(c_int64_t), value :: count
        real(c_double), intent(in) :: z(*)
        real(c_double), intent(out) :: value(*), derivative(*)
        type(c_ptr), value :: user_data
        integer(c_int32_t) :: status
        value(1:count) = z(1:count) * z(1:count)
        derivative(1:count) = 2 * z(1:count)
        status = merge(0_c_int32_t, 1_c_int32_t, .not. c_associated(user_data))
    end function square
end module activations

program posterior
    use mflearn
    use activations
    implicit none
    type(c_ptr) :: context, options, task, model, train, test, theory, sampler, ridge, network, inputs
    real(c_double) :: value, error, f(3)
    real(c_double), pointer :: x(:)
    integer(c_int64_t) :: stride, unit
    integer :: i

    call check(mfl_context_create(context))
    call check(mfl_context_options(context, options))
    call check(mfl_options_set_int(options, MFL_CONTEXT_SEED, 7_c_int64_t))
    call check(mfl_task_create_parity(context, 12_c_int64_t, 2_c_int64_t, task))
    call check(mfl_model_create(context, 12_c_int64_t, 32_c_int64_t, model))
    call check(mfl_dataset_draw(task, 60_c_int64_t, 0.1_c_double, 0_c_int64_t, MFL_ROLE_TRAIN, train))
    call check(mfl_dataset_draw(task, 3_c_int64_t, 0.0_c_double, 0_c_int64_t, MFL_ROLE_TEST, test))
    call check(mfl_dataset_inputs(test, inputs, stride, unit))
    call c_f_pointer(inputs, x, [3 * stride])

    call check(mfl_theory_create(context, task, model, theory))
    call check(mfl_theory_solve(theory, 60.0_c_double, 0.2_c_double))
    call check(mfl_theory_get(theory, MFL_THEORY_M, value, error))
    call show('theory_m', [value])

    call check(mfl_sampler_create(model, train, 0.2_c_double, sampler))
    call check(mfl_sampler_set_task(sampler, task))
    call check(mfl_sampler_options(sampler, options))
    call check(mfl_options_set_text(options, 'burn_in' // c_null_char, '200' // c_null_char))
    call check(mfl_options_set_text(options, 'draws' // c_null_char, '20' // c_null_char))
    call check(mfl_sampler_run(sampler))
    call check(mfl_sampler_get(sampler, MFL_SAMPLER_ORDER_PARAMETER, value))
    call show('sampler_m', [value])

    call check(mfl_ridge_create(model, ridge))
    call check(mfl_ridge_fit(ridge, train, 0.2_c_double))
    call check(mfl_ridge_log_evidence(ridge, value))
    call show('ridge_log_evidence', [value])
    call check(mfl_ridge_predict(ridge, x, 3_c_int64_t, stride, f))
    call show('ridge_prediction', f)

    call check(mfl_model_set_activation(model, c_funloc(square), c_null_ptr))
    call check(mfl_network_create(model, network))
    call check(mfl_network_draw_prior(network, 0_c_int64_t))
    call check(mfl_network_forward(network, x, 3_c_int64_t, stride, f))
    call show('network_prediction', f)

    call mfl_network_destroy(network)
    call mfl_ridge_destroy(ridge)
    call mfl_sampler_destroy(sampler)
    call mfl_theory_destroy(theory)
    call mfl_dataset_destroy(test)
    call mfl_dataset_destroy(train)
    call mfl_model_destroy(model)
    call mfl_task_destroy(task)
    call mfl_context_destroy(context)
contains
    subroutine check(status)
        integer(c_int32_t), intent(in) :: status
        character(kind=c_char), pointer :: message(:)
        type(c_ptr) :: text
        if (status == MFL_OK) return
        text = mfl_context_message(context)
        call c_f_pointer(text, message, [1024])
        i = 1
        do while (message(i) /= c_null_char)
            i = i + 1
        end do
        print '(1024a1)', message(1:i - 1)
        error stop 1
    end subroutine check

    subroutine show(name, values)
        character(len=*), intent(in) :: name
        real(c_double), intent(in) :: values(:)
        integer :: j
        do j = 1, size(values)
            print '(a, 1x, es24.16e3)', name, values(j)
        end do
    end subroutine show
end program posterior
