using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Orlop.Host.Engine.Operations;

namespace Orlop.Host.Cri;

/// <summary>The one place where errors become gRPC statuses, and where each call gets its log line.</summary>
internal sealed class CallInterceptor(ILogger<CallInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var call = Call.Begin(context);
        try
        {
            var response = await continuation(request, context);
            call.Done(logger);
            return response;
        }
        catch (Exception e)
        {
            throw call.Failed(logger, e);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        var call = Call.Begin(context);
        try
        {
            await continuation(request, responseStream, context);
            call.Done(logger);
        }
        catch (Exception e)
        {
            throw call.Failed(logger, e);
        }
    }

    private readonly record struct Call(string Method, long Start, CallScope Scope, CancellationToken Token)
    {
        public static Call Begin(ServerCallContext context) =>
            new(context.Method[(context.Method.LastIndexOf('/') + 1)..], Stopwatch.GetTimestamp(), CallScope.Enter(), context.CancellationToken);

        private double Milliseconds => Stopwatch.GetElapsedTime(Start).TotalMilliseconds;

        public void Done(ILogger logger)
        {
            if (logger.IsEnabled(LogLevel.Debug)) CallLog.Done(logger, Method, Milliseconds, Scope.Trace?.Summary ?? "");
        }

        public RpcException Failed(ILogger logger, Exception error)
        {
            var status = ErrorStatus.Of(error, Token);
            if (status is { StatusCode: StatusCode.Unimplemented, Detail: "" }) status = new Status(StatusCode.Unimplemented, $"orlop {StatusReport.Version} does not serve {Method} yet");
            if (status.StatusCode is StatusCode.Internal) CallLog.Broken(logger, Method, Milliseconds, error);
            else CallLog.Refused(logger, Method, Milliseconds, status.StatusCode, status.Detail);
            return new RpcException(status);
        }
    }
}
